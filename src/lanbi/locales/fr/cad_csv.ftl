# Reprendre les appels d’un autre centre : le fichier, ligne par ligne.
csv-line-long = La ligne dépasse { $limit } octets.
    .hint = Regardez-la dans un éditeur ; il manque peut-être des fins de ligne.
csv-quote-stray = Un guillemet se trouve au milieu d’un champ.
    .hint = Dans un champ entre guillemets, un guillemet s’écrit deux fois.
csv-quote-open = Un guillemet s’ouvre ici et ne se referme pas.
    .hint = Fermez-le ou retirez-le ; la lecture a continué à la ligne suivante.
csv-nul = La ligne contient un caractère impossible à garder (NUL).
    .hint = Retirez-le ; le fichier a pu être abîmé en route.
csv-undecodable = La ligne a des lettres qui ne vont pas avec l’encodage du fichier.
    .hint = Réglez « encoding » dans la correspondance (utf-8, cp1252, latin-1), ou enregistrez le fichier en UTF-8.
csv-columns = La ligne a { $given } colonnes au lieu de { $expected }.
    .hint = Mettez entre guillemets les champs qui contiennent le séparateur ; une dernière ligne coupée annonce un fichier incomplet.
csv-time = « { $given } » n’est pas une heure dans la forme que donne la correspondance.
    .hint = Corrigez la ligne, ou ajoutez cette forme sous « time » dans la correspondance.
csv-coordinate = « { $given } » n’est pas une coordonnée en degrés.
    .hint = Écrivez-la ainsi : 18.5392 ou -72.3364.

# Le fichier dans son ensemble.
csv-header = Il manque ces colonnes, ou elles y sont deux fois : { $missing }. Le fichier a : { $found }
    .hint = Choisissez avec --as la correspondance faite pour ce fichier ; s’il n’a pas d’en-tête, nommez ses colonnes dans la correspondance.
csv-empty = Le fichier est vide.
    .hint = Exportez-le de nouveau.
csv-utf16 = { $file } est en UTF-16.
    .hint = Enregistrez-le en « CSV UTF-8 » et reprenez l’import.
csv-file-large = { $file } dépasse { $limit } octets.
    .hint = Divisez-le, par année par exemple ; chaque partie s’importe seule.
csv-file-unreadable = { $file } ne se lit pas : { $reason }
    .hint = Vérifiez le chemin, les droits de lecture et le disque.
csv-zip-broken = Le fichier zip { $file } est abîmé : { $reason }
    .hint = Récupérez-le de nouveau ; rien n’est entré.
csv-zip-members = Le fichier zip { $file } contient { $found } fichiers au lieu d’un.
    .hint = Ouvrez-le et importez le CSV voulu.
csv-zip-locked = Le fichier zip { $file } demande un mot de passe.
    .hint = Ouvrez-le et importez le CSV.
csv-zip-bomb = Le fichier zip { $file } annonce { $given } octets une fois ouvert ; ce n’est pas une liste d’appels.
    .hint = Si vous lui faites confiance, ouvrez-le et importez le CSV.

# L’import.
import-speed = La vitesse { $given } est impossible.
    .hint = 1 est l’allure réelle, 60 une minute par seconde, 0 sans attendre ; { $limit } au plus.
import-limit = Une limite de { $given } lignes est impossible.
    .hint = Donnez 1 ou plus, ou rien.
import-rows = Le fichier a plus de { $limit } lignes ; celles d’avant sont entrées.
    .hint = Divisez-le, par année par exemple ; ce qui est entré n’entre pas deux fois.
import-elsewhere = Ce dépôt travaille pour { $present } ; le fichier vient de { $wanted }.
    .hint = Choisissez un nouveau dossier avec --data.
import-stopped = Arrêté après la ligne { $line } : { $rows } lignes, { $calls } appels entrés, { $repeated } déjà là, { $refused } refusées.
    .hint = Relancez la même commande ; elle continue à partir de là.

# La correspondance.
mapping-none = Il n’y a pas de correspondance « { $given } ».
    .hint = Fournies : { $shipped }. Ou donnez le chemin de votre propre fichier TOML.
mapping-too-large = La correspondance { $file } dépasse { $limit } octets.
    .hint = Une correspondance tient en une page de texte ; vérifiez le chemin.
mapping-unreadable = La correspondance { $file } n’est pas du TOML : { $reason }
    .hint = Corrigez cette ligne ; docs/adapters/cad_csv.md montre la forme.
mapping-field = La correspondance { $file } est inutilisable : { $reason }
    .hint = Corrigez ce champ ; docs/adapters/cad_csv.md les explique tous.
mapping-zone = La correspondance { $file } donne le fuseau « { $given } », inconnu ici.
    .hint = Employez un nom comme America/Port-au-Prince ; sur un système sans fuseaux, installez le paquet tzdata.
mapping-place = La correspondance { $file } ne dit pas où se trouve le lieu.
    .hint = Donnez « lat » et « lon », ou des colonnes de « words », ou le tout.
mapping-bounds = Les limites de la correspondance { $file } sont à l’envers.
    .hint = L’ouest doit être inférieur à l’est, et le sud au nord.
mapping-rules = La correspondance { $file } a plus de { $limit } règles.
    .hint = Préfixes et motifs couvrent beaucoup de mots à la fois.
mapping-pattern-long = Un motif de la correspondance { $file } dépasse { $limit } caractères.
    .hint = Faites-en plusieurs.
mapping-pattern = Le motif « { $given } » de la correspondance { $file } n’est pas une expression régulière : { $reason }
    .hint = En TOML, écrivez les motifs entre guillemets simples.
