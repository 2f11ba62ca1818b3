room-tracing = Traçage des armes
tracing-rooms = Pages du traçage
tracing-room-workspace = Analyse
tracing-room-board = Récupérations
tracing-room-matches = Rapprochements
tracing-room-requests = Demandes
tracing-room-indicators = Indicateurs
tracing-held = Enregistré
tracing-held-n = { $recoveries } récupérations, { $firearms } armes
tracing-data = Données
tracing-asking = Recherche…
tracing-day = { $d } { $m } { $y }
tracing-month = { $m } { $y }
tracing-between = entre { $from } et { $to }
tracing-purpose = Finalité
tracing-purpose-of = Finalité de la session
tracing-purpose-title = Dire la finalité de la session
tracing-purpose-note = Pendant 8 heures, chaque lecture d’une personne est inscrite au journal avec cette finalité et ce dossier.
tracing-purpose-none = non dite
tracing-purpose-until = jusqu’à { $at }, lectures inscrites
tracing-purpose-say = Dire d’abord la finalité
tracing-purpose-do = Commencer
tracing-case = Dossier
tracing-choose-one = Choisir
tracing-did-desk = Finalité inscrite au journal
tracing-graph = Réseau
tracing-shown = { $n } sur { $total } affichés, depuis { $ref }
tracing-inferred = déduits
tracing-table = tableau
tracing-sealed = sous scellé
tracing-folded = { $n } repliés
tracing-links-n =
  { $n ->
    [one] { $n } lien
   *[other] { $n } liens
  }
tracing-more-n =
  { $n ->
    [one] { $n } non affiché
   *[other] { $n } non affichés
  }
tracing-network-of = réseau { $name }
tracing-too-many = Cela ferait { $n } ; { $max } au plus
tracing-too-many-hint = Repliez-en un autre, ou partez d’ici.
tracing-column-dealer = armurier
tracing-column-person = acheteur
tracing-column-firearm = arme
tracing-column-consignment = envoi
tracing-column-recovery = récupération
tracing-evidence-evidenced = établi
tracing-evidence-inferred = déduit
tracing-evidence-lead = piste
tracing-evidence-confirmed = confirmé
tracing-evidence-excluded = exclu
tracing-legend-inferred = déduit, avec sa confiance
tracing-legend-lead = piste balistique, tant qu’un microscope ne l’a pas confirmée
tracing-limits = Une piste va à une personne ; rien n’agit seul. Victimes et témoins ne figurent sur aucun graphe.
tracing-ref = Référence
tracing-kind = Nature
tracing-what = Quoi
tracing-date = Date
tracing-link = Lien
tracing-links = Liens
tracing-not-shown = Non affichés
tracing-how-known = Comment on le sait
tracing-confidence = Confiance
tracing-time = Temps
tracing-axis = Axe du temps
tracing-hatched-note = hachuré : date inconnue, voici son intervalle
tracing-all-days = tous les jours
tracing-brush-on = restreindre dans le temps
tracing-brush-off = tout le temps
tracing-brush-from = Début de la période
tracing-brush-to = Fin de la période
tracing-no-days = Aucune date connue.
tracing-lane = Ligne
tracing-lane-sale = Ventes
tracing-lane-sale-note = première vente
tracing-lane-consignment = Envoi
tracing-lane-recovery = Récupérations
tracing-lane-request = Demandes
tracing-lane-request-note = de l’envoi à la réponse
tracing-unanswered = { $what }, sans réponse depuis { $n } j
tracing-answered-in = { $what }, répondu en { $n } j
tracing-sold-n = { $ref } : { $n } armes, le même jour
tracing-ttc = { $ref } : { $n } j de la vente à la récupération
tracing-ttc-range = { $ref } : { $least } à { $most } j de la vente à la récupération
tracing-from = De
tracing-to = À
tracing-open = en cours
tracing-route = Itinéraire
tracing-route-label = Carte des itinéraires : { $n } étapes. Les flèches déplacent, + et − rapprochent, ↵ passe d’une étape à l’autre.
tracing-legs-n =
  { $n ->
    [one] { $n } étape ; la courbe relie des lieux, ce n’est pas une trace
   *[other] { $n } étapes ; les courbes relient des lieux, ce ne sont pas des traces
  }
tracing-fit = tout voir
tracing-no-route = Aucun itinéraire connu.
tracing-evidence = Preuves
tracing-evidence-of = Preuves sur { $ref }
tracing-evidence-note =
  { $n ->
    [one] { $n } lien
   *[other] { $n } liens
  }
tracing-walk = lien par lien
tracing-fold = Replier
tracing-open-n = Ouvrir { $n }
tracing-root-here = Partir d’ici
tracing-ask-trace = Demander un traçage
tracing-no-links = Aucun lien.
tracing-held-of = Ce qui est dit de { $ref }
tracing-choose = Choisissez dans le réseau.
tracing-judgements = Jugements d’identité
tracing-undone-by = annulé par { $who }
tracing-undo = Annuler
tracing-did-unjudge = Jugement annulé
tracing-no-claims = Personne n’a encore rien dit.
tracing-contested = sources contradictoires
tracing-prefer = Retenir celle-ci
tracing-preferred = retenue
tracing-did-prefer = { $prop } : autre valeur retenue
tracing-withdraw = Retirer
tracing-withdraw-why = Pourquoi ?
tracing-withdrawn = retiré
tracing-did-withdraw = Déclaration retirée ; le journal en garde trace
tracing-grade-of = source : { $reliability } ; information : { $credibility }
tracing-hash = empreinte { $hash }
tracing-for-anyone = pour tous
tracing-releasable = communicable à { $list }
tracing-only = { $who } seulement
tracing-for-purposes = pour { $list }
tracing-onward = transmissible
tracing-review = à revoir avant le { $day }
tracing-photo-missing = photo indisponible
tracing-inferred-from = Déduit : { $why }, confiance { $n }
tracing-for = Pour
tracing-against = Contre
tracing-refute = Ce qui le réfuterait
tracing-nothing = rien
tracing-readings = Lectures, selon ce qui parle contre
tracing-innocent = innocente
tracing-against-n = { $n } contre
tracing-hangs = Sans « { $item } », une autre lecture passerait devant.
tracing-matrix = La matrice : { $items } éléments, { $readings } lectures
tracing-matrix-less = Fermer la matrice
tracing-matrix-title = Chaque élément face à chaque lecture
tracing-item = Élément
tracing-cell-cc = très compatible
tracing-cell-c = compatible
tracing-cell-n = neutre
tracing-cell-na = sans objet
tracing-cell-i = incompatible
tracing-cell-ii = contredit
tracing-person-locked = Ce qui l’identifie est sous scellé.
tracing-person-locked-note = La lecture sera inscrite au journal avec sa finalité.
tracing-person-no-purpose = Une personne n’est lue que pour une finalité et un dossier.
tracing-person-read = Lire la personne
tracing-person-read-as = Lue pour { $purpose }, dossier { $case } : inscrit au journal
tracing-person-kept = conservée jusqu’au { $day }
tracing-did-read = { $ref } lue : inscrit au journal
tracing-ask-opening = Demander l’ouverture
tracing-ask-opening-note = une seconde personne décide
tracing-did-ask = Ouverture de { $ref } demandée
tracing-unseal = Montrer
tracing-did-unseal = { $prop } lu : inscrit au journal
tracing-opened-for = Ouvert pour vous encore { $time } ; accord de { $who }
tracing-opening-waits = La demande attend une seconde personne depuis { $at }
tracing-opening-refused = refusé par { $who }
tracing-openings = Demandes d’ouverture
tracing-openings-n = { $n } en attente
tracing-openings-note = Une seconde personne décide ; personne ne décide pour soi.
tracing-openings-none = Rien n’attend.
tracing-number = Numéro
tracing-person = Personne
tracing-open-person = Voir dans le réseau
tracing-asked-by = Demandé par
tracing-since = Depuis
tracing-decision = Décision
tracing-second-person = à une autre personne de décider
tracing-allow = Autoriser
tracing-allow-sure = Appuyer encore pour ouvrir
tracing-deny = Refuser
tracing-did-allow = Demande { $n } autorisée pour 8 heures
tracing-did-deny = Demande { $n } refusée
tracing-matches = Numéros rapprochés
tracing-matches-n = { $n } à voir
tracing-matches-none = Aucun rapprochement n’attend.
tracing-matches-choose = Choisissez dans la liste.
tracing-best-first = le meilleur d’abord
tracing-which = Lesquels montrer
tracing-undecided = à décider
tracing-all = tous
tracing-more = Suite
tracing-match-hand = Rapprochement en main : { $ref }
tracing-match-firearm = proche de { $ref }
tracing-match-duplicate = même numéro que { $ref } : deux fois ?
tracing-register = Registre
tracing-recovered = Sur l’arme
tracing-each-mark = signe à signe
tracing-marks-of = { $a } face à { $b }, signe à signe
tracing-relation-same = même
tracing-relation-look-alike = se ressemblent
tracing-relation-unknown = illisible
tracing-relation-missing = absent de l’arme
tracing-relation-extra = en trop sur l’arme
tracing-relation-swapped = intervertis
tracing-relation-other = autre signe
tracing-relation-near = proche
tracing-relation-differs = diffère
tracing-pair-look-alike = { $a } et { $b } se ressemblent
tracing-pairs-same = tous les signes identiques
tracing-pairs-unknown =
  { $n ->
    [one] { $n } signe illisible
   *[other] { $n } signes illisibles
  }
tracing-pairs-missing =
  { $n ->
    [one] { $n } signe manquant
   *[other] { $n } signes manquants
  }
tracing-pairs-extra = { $n } en trop
tracing-pairs-swapped =
  { $n ->
    [one] { $n } paire intervertie
   *[other] { $n } paires interverties
  }
tracing-pairs-other =
  { $n ->
    [one] { $n } signe diffère
   *[other] { $n } signes diffèrent
  }
tracing-part-register = 1 sur { $entries } entrées, avant de regarder
tracing-part-marks =
  { $count ->
    [one] { $count } signe identique
   *[other] { $count } signes identiques
  }
tracing-part-look-alike =
  { $count ->
    [one] { $count } signe ressemblant
   *[other] { $count } signes ressemblants
  }
tracing-part-unread =
  { $count ->
    [one] { $count } signe illisible
   *[other] { $count } signes illisibles
  }
tracing-part-swapped =
  { $count ->
    [one] { $count } paire intervertie
   *[other] { $count } paires interverties
  }
tracing-part-missing =
  { $count ->
    [one] { $count } signe manquant
   *[other] { $count } signes manquants
  }
tracing-part-extra = { $count } en trop
tracing-part-other =
  { $count ->
    [one] { $count } signe diffère
   *[other] { $count } signes diffèrent
  }
tracing-part-make = fabricant : { $value }, { $relation }
tracing-part-model = modèle : { $value }, { $relation }
tracing-part-calibre = calibre : { $value }, { $relation }
tracing-part-type = type : { $value }, { $relation }
tracing-part-pattern = forme de numéro de ce fabricant
tracing-part-others =
  { $count ->
    [one] { $count } autre aussi proche
   *[other] { $count } autres aussi proches
  }
tracing-near = ensemble, sur { $of } cherchés
tracing-match-why = Pourquoi « { $verdict } » ?
tracing-decide = Décider
tracing-did-match = { $ref } : { $verdict }
tracing-did-unmatch = Décision sur { $ref } annulée
tracing-photos = photos
tracing-photo-n =
  { $n ->
    [one] { $n } photo
   *[other] { $n } photos
  }
tracing-photo-of = Photographie de { $ref }
tracing-no-photo = pas de photo
tracing-register-no-photo = registre, sans photo
tracing-open-work = Analyser { $ref }
tracing-start = Commencez par une récupération.
tracing-start-hint = Choisissez-la au tableau des récupérations (2), puis ↵.
key-tracing-move = voisin dans le réseau
key-tracing-open = ouvrir ou replier
key-tracing-walk = lien par lien, avec ses preuves
key-tracing-table = tableau au lieu du dessin
key-tracing-big = un seul dessin, en grand
key-tracing-inferred = avec ou sans les déductions
key-tracing-brush = restreindre dans le temps ; flèches pour ajuster
key-tracing-near = rapprocher, éloigner, tout
key-tracing-decide = même, pas même, incertain
key-tracing-undo = annuler la dernière décision
tracing-land-florida = Floride
tracing-land-cuba = Cuba
tracing-land-jamaica = Jamaïque
tracing-land-bahamas = Bahamas
tracing-land-haiti = Haïti
tracing-land-dominican = Rép. dominicaine
tracing-land-puerto-rico = Porto Rico
tracing-land-mexico = Mexique
tracing-land-colombia = Colombie
tracing-land-venezuela = Venezuela
tracing-land-panama = Panama
tracing-land-honduras = Honduras
tracing-land-georgia = Géorgie
tracing-land-texas = Texas
tracing-land-trinidad = Trinité
tracing-land-caribbean = Mer des Caraïbes
tracing-land-gulf = Golfe
tracing-sold =
  { $n ->
    [one] { $n } arme vendue
   *[other] { $n } armes vendues
  }
tracing-shared-by = commun à { $n } armes
tracing-apart-days =
  { $n ->
    [one] à { $n } jour d’écart
   *[other] à { $n } jours d’écart
  }
tracing-apart-serials =
  { $n ->
    [one] à { $n } numéro d’écart
   *[other] à { $n } numéros d’écart
  }
tracing-rate-note = Appuyez sur une case pour y mettre votre cote ; c’est inscrit au journal.
tracing-did-rate = Votre cote est au journal
tracing-ways-to = Itinéraires probables vers { $ref }
tracing-ways-from =
  { $n ->
    [one] d’après { $n } élément
   *[other] d’après { $n } éléments
  }
tracing-ways-other = autres itinéraires
tracing-ways-none = aucun de ceux-ci
tracing-networks = Réseaux trouvés
tracing-networks-n = { $n } armes sur { $of } dans un réseau
tracing-networks-at = recherché { $at }
tracing-networks-stale = recherché { $at } ; du nouveau depuis
tracing-networks-search = Chercher à nouveau
tracing-networks-none = Aucun réseau. Partez d’une récupération.
tracing-did-search = Recherche finie : { $n } réseaux
tracing-network = Réseau
tracing-network-why = Pourquoi ensemble
tracing-network-breaks = Ce qui le romprait
tracing-network-without = sans { $what } : { $parts }
tracing-network-strongest = Liens les plus forts
tracing-evidenced-share = { $n } % des liens établis
tracing-firearms = Armes
tracing-first-last = Première et dernière récupération
tracing-countries = Pays
tracing-choose-recovery = Choisissez une récupération dans la liste.
tracing-choose-recovery-hint = Flèches et ↵ ; ↵ encore pour l’analyser.
tracing-board = Tableau
tracing-board-recoveries = Récupérations
tracing-board-firearms = Armes
tracing-filter = Choisir ce qui est montré
tracing-find-recovery = R-118, F-7, dossier, service, numéro…
tracing-find-firearm = F-118, R-3 ou début du numéro
tracing-country = Pays
tracing-since-day = depuis : 7/2026
tracing-until-day = jusqu’à : 2026
tracing-incomplete = incomplètes
tracing-missing = Manque
tracing-other = Autre
tracing-recovered-on = Récupération le
tracing-trace-state = Demande de traçage
tracing-none-such = Aucune.
tracing-rows-shown =
  { $n ->
    [one] { $n } ligne
   *[other] { $n } lignes
  }
tracing-work-on = Analyser
tracing-add = Ajouter
tracing-new-recovery = Nouvelle récupération
tracing-draft-go = Reprendre la récupération commencée
tracing-add-items = Autres objets de { $ref }
tracing-form-note = tel que la source le dit ; tout ou rien
tracing-item-n = Objet { $n }
tracing-items-n =
  { $n ->
    [one] { $n } objet
   *[other] { $n } objets
  }
tracing-item-again = Un autre pareil
tracing-item-drop = Retirer
tracing-more-fields =
  { $n ->
    [one] { $n } autre champ
   *[other] { $n } autres champs
  }
tracing-kept-as-written = Inconnu : gardé tel quel.
tracing-day-placeholder = 10/7/2026, 7/2026 ou 2026
tracing-day-unread = Écrivez jour, mois, année : 10/7/2026
tracing-serial-note = ? pour un signe illisible ; « limé » s’il est effacé
tracing-photo-add = Ajouter des photos
tracing-photo-drop = Retirer cette photo
tracing-photo-large = Cette photo pèse { $n } Mo ; { $max } Mo au plus.
tracing-photo-kind = Seuls JPEG, PNG et WebP sont acceptés.
tracing-complete = { $have } identifiants sur { $of } pour un traçage
tracing-standing-given = donné
tracing-standing-doubtful = douteux
tracing-standing-missing = manquant
tracing-standing-excused = impossible à donner
tracing-source = Source et règles
tracing-source-kind = Nature
tracing-source-reference = Référence
tracing-source-placeholder = PV 118/26, 10 juillet 2026
tracing-source-grade = Cote
tracing-source-first = Donnez d’abord la référence de la source.
tracing-reliability = Fiabilité de la source
tracing-credibility = Crédibilité de l’information
tracing-handling = Qui y a droit
tracing-handling-change = Changer
tracing-release-to = Communicable à
tracing-release-note = Codes d’États ou de sites ; * pour tous
tracing-codes-unread = { $list } : pas un code. Écrivez : US DO JM
tracing-purposes = Finalités
tracing-onward-title = Retransmission
tracing-onward-note = qui le reçoit peut le transmettre selon les mêmes règles
tracing-review-on = À revoir avant le
tracing-record = Enregistrer
tracing-drop = Jeter le brouillon
tracing-drop-sure = Appuyer encore : tout est perdu
tracing-kept-typed = Ce que vous avez écrit est toujours là : réessayez quand le lien revient.
tracing-did-record = { $ref } enregistrée avec { $n } objets
tracing-recovery-hand = Récupération en main
tracing-contested-n =
  { $n ->
    [one] { $n } point où les sources diffèrent
   *[other] { $n } points où les sources diffèrent
  }
tracing-similar-same-serial = même numéro de série
tracing-similar-same-case = même dossier, même jour
tracing-judge = Juger si c’est le même
tracing-judge-why = Pourquoi ? C’est inscrit au journal.
tracing-did-judge = { $a } et { $b } : { $verdict }
tracing-sold-after = La première vente serait après la récupération : l’une des deux dates est fausse.
tracing-import = Importer un fichier
tracing-import-note = CSV, XLSX ou ODS, 25 Mo au plus. Rien n’est écrit avant que vous ayez vu le sort de chaque ligne.
tracing-file-choose = Choisir le fichier
tracing-file-other = Un autre fichier
tracing-file-large = Ce fichier pèse { $n } Mo ; { $max } Mo au plus.
tracing-step-file = fichier
tracing-step-columns = colonnes
tracing-step-dry = essai
tracing-step-run = écriture
tracing-taken = Fichiers déjà entrés
tracing-rows = lignes
tracing-rows-n =
  { $n ->
    [one] { $n } ligne
   *[other] { $n } lignes
  }
tracing-good = bonnes
tracing-bad = refusées
tracing-made = Créés
tracing-known = déjà connus
tracing-not-done = inachevé
tracing-mapping = Sens des colonnes
tracing-mapping-own = je choisis chaque colonne
tracing-mapping-none = Choisissez au moins une colonne sur une arme ou une récupération.
tracing-originator = De qui
tracing-originator-us = nous
tracing-column = Colonne
tracing-sample = Exemples
tracing-means = Signifie
tracing-means-of = Ce que signifie « { $column } »
tracing-not-read = non lue
tracing-column-twice = Deux colonnes pour la même chose : { $list }
tracing-doubt-dates-ambiguous = Les dates se lisent de deux façons (03/04) : vérifiez.
tracing-doubt-dates-mixed = Certaines dates commencent par le jour, d’autres par le mois.
tracing-doubt-dates-unreadable = Certaines dates sont illisibles.
tracing-doubt-no-serial = Pas de colonne de numéros de série.
tracing-doubt-no-date = Pas de colonne de dates.
tracing-dry-run = Essayer
tracing-dry-note = L’essai n’écrit rien.
tracing-dry-title = Ce qui se passerait
tracing-judging = Chaque ligne est examinée…
tracing-running = Entrée en cours
tracing-done = Entré
tracing-run = Écrire { $n } lignes
tracing-run-good = Écrire les { $n } bonnes lignes, laisser { $bad }
tracing-stop = Arrêter
tracing-did-import = { $file } : { $n } lignes entrées
tracing-flags = Gardé avec un doute
tracing-unread-columns = Colonnes non lues : { $list }
tracing-absent-columns = Colonnes absentes : { $list }
tracing-similar-n =
  { $n ->
    [one] { $n } ligne ressemble à une autre
   *[other] { $n } lignes ressemblent à d’autres
  }
tracing-line = ligne { $n }
tracing-line-title = Ligne
tracing-bad-rows = Lignes refusées
tracing-indicator = Indicateur
tracing-share = Part
tracing-of = Sur
tracing-total = Total
tracing-period = { $from } au { $to } ; au { $as_of }
tracing-period-choose = Période
tracing-last-year = 12 mois
tracing-none-yet = Rien encore.
tracing-small = moins de 10
tracing-small-note = « < 10 » : les petits effectifs sont masqués, pour que nul cas ne soit reconnu. Hachuré : seules les bornes sont connues.
tracing-outcomes-year = Résultats, par année de récupération
tracing-answered-partner = Nos demandes, par État
tracing-column-answered = répondues
tracing-column-not = pas encore
tracing-indicators-note = Seules les récupérations de ce site ; ce n’est pas un échantillon des armes du pays. Ne classez pas les États avec ces chiffres.
tracing-ttc-title = De la vente à la récupération
tracing-ttc-by = Distinguer
tracing-as-of = au { $day }
tracing-by-none = ensemble
tracing-by-origin = pays de vente
tracing-by-calibre = calibre
tracing-by-dealer = armurier
tracing-curve-all = toutes les armes
tracing-curve-label = { $title } : { $n } armes, la moitié en { $median } jours
tracing-years-after = années après la première vente
tracing-curve-n = Sur la courbe
tracing-curve-counts = { $n } armes : { $events } récupérées, { $censored } pas encore
tracing-curve-excluded = Hors de la courbe
tracing-curve-note = Bande : intervalle à 95 %. Pointillé : loi de Weibull ajustée. Seules les armes récupérées et tracées y sont : les autres manquent, et le temps paraît plus court.
tracing-median = La moitié en
tracing-median-none = moitié pas atteinte
tracing-within-1 = En 1 an (95 %)
tracing-within-3 = En 3 ans (95 %)
tracing-weibull = forme { $shape }, échelle { $scale } ans
tracing-log-rank = test du log-rank p = { $p }
tracing-impossible =
  { $n ->
    [one] { $n } arme a des dates impossibles ensemble.
   *[other] { $n } armes ont des dates impossibles ensemble.
  }
tracing-excluded-sale-unknown = vente inconnue
tracing-excluded-recovery-unknown = récupération sans date
tracing-excluded-recovered-before-sale = récupérée avant la vente
tracing-excluded-sold-after-as-of = vente à venir
tracing-excluded-recovered-after-as-of = récupération à venir
tracing-excluded-before-window = avant la période
tracing-excluded-negative-days = durée négative
tracing-side-both = Toutes
tracing-side-in = Reçues
tracing-side-out = Envoyées
tracing-only-open = non closes
tracing-partner = État ou site
tracing-owed-us =
  { $n ->
    [one] nous devons { $n } réponse
   *[other] nous devons { $n } réponses
  }
tracing-owed-them = on nous en doit { $n }
tracing-requests-none = Aucune demande.
tracing-requests-choose = Choisissez une demande dans la liste.
tracing-requests-choose-hint = Pour en faire une, ouvrez une arme et appuyez sur R.
tracing-request-hand = Demande en main
tracing-we-asked = nous demandons à { $who }
tracing-they-asked = { $who } nous demande
tracing-turn-us = À nous de jouer
tracing-turn-them = À eux de jouer
tracing-turn-nobody = C’est fini
tracing-clock-ack-due = accusé de réception
tracing-clock-answer-due = réponse
tracing-clock-lapse = échéance
tracing-due-in = dans { $time }
tracing-over-by = dépassé de { $time }
tracing-trouble = Notre dernière lettre a été refusée ({ $code }).
tracing-waits-second = La réponse préparée par { $who } attend une seconde personne.
tracing-verb-edit = Modifier
tracing-verb-approve = Approuver
tracing-verb-send = Envoyer
tracing-verb-acknowledge = Accuser réception
tracing-verb-progress = En cours
tracing-verb-need-more = Demander un complément
tracing-verb-refuse = Refuser
tracing-verb-answer = Répondre
tracing-verb-ask-again = Redemander
tracing-verb-sure = { $verb } : regardez ce qui part, et appuyez encore
tracing-to-second = Soumettre à une seconde personne
tracing-did-step = { $ref } : { $state }
tracing-did-draft = Brouillon { $ref } pour { $to }
tracing-draft-do = Faire le brouillon
tracing-draft-note = Rien ne part encore : on voit ce qui partirait, une seconde personne approuve, puis on envoie.
tracing-to-whom = À qui
tracing-partner-off = suspendu
tracing-channel = Voie
tracing-channel-lanbi = lettre signée
tracing-channel-etrace = eTrace, à la main
tracing-channel-iarms = iARMS, à la main
tracing-channel-paper = papier
tracing-priority = Priorité
tracing-outcome = Résultat
tracing-asks = Ce qui manque
tracing-words = Mots
tracing-tells-sale = La réponse parle d’une vente
tracing-names-buyer = Nommer l’acheteur
tracing-names-buyer-note = une seconde personne doit approuver
tracing-buyer-exists = il y a un acheteur
tracing-buyer-sealed = acheteur sous scellé
tracing-clocks = Horloges
tracing-story = Histoire
tracing-statements-n =
  { $n ->
    [one] { $n } déclaration
   *[other] { $n } déclarations
  }
tracing-receipt = reçu signé, clé { $key }, { $at }
tracing-receipt-none = pas encore de reçu
tracing-when-drafted = brouillon
tracing-when-approved = approuvée
tracing-when-sent = envoyée
tracing-when-arrived = arrivée
tracing-when-delivered = remise
tracing-when-acknowledged = reçue
tracing-when-in-progress = en cours
tracing-when-more-needed = complément demandé
tracing-when-sent-again = renvoyée
tracing-when-answered = répondue
tracing-when-refused = refusée
tracing-when-lapsed = échue
tracing-step-said-drafted = Brouillon
tracing-step-said-changed = Modifiée
tracing-step-said-approved = Approuvée par une seconde personne
tracing-step-said-sent = Envoyée
tracing-step-said-arrived = Arrivée
tracing-step-said-acknowledged = Accusée
tracing-step-said-in-progress = En cours
tracing-step-said-more-needed = Complément demandé
tracing-step-said-refused = Refusée
tracing-step-said-answer-prepared = Réponse préparée
tracing-step-said-answered = Répondue
tracing-step-said-lapsed = Échue
tracing-step-said-withdrawn = Déclarations retirées
tracing-step-said-withdrawn-untold = Retrait pas encore annoncé
tracing-preview-title = Ce qui partirait chez { $who }
tracing-preview-needed = Les cinq identifiants
tracing-preview-kept = montrer ce qui reste
tracing-preview-nothing = Rien ne partirait.
tracing-preview-buyer = révèle qu’il y a un acheteur
tracing-goes-goes = part
tracing-goes-stays = reste
tracing-goes-missing = manque
tracing-report = Rapport
tracing-exports = Ce qui est sorti
tracing-exports-none = Rien n’est sorti.
tracing-export-new = Préparer un fichier pour un autre État
tracing-export-note = réduit à ce que le destinataire peut avoir
tracing-export-chosen = les { $n } éléments de l’analyse
tracing-export-judgements = avec les jugements
tracing-export-format = Forme
tracing-format-report = rapport PDF
tracing-format-ftm = FollowTheMoney
tracing-format-stix = STIX 2.1
tracing-format-csv = tableaux CSV
tracing-format-statements = déclarations
tracing-export-claims = déclarations
tracing-export-things = éléments
tracing-export-sources =
  { $n ->
    [one] de { $n } source
   *[other] de { $n } sources
  }
tracing-export-second = Une seconde personne doit approuver avant la sortie.
tracing-export-items = Voir les { $n } éléments un par un
tracing-export-make = Établir
tracing-export-n = Fichier { $n }
tracing-export-waiting = attend une seconde personne
tracing-export-ready = prêt
tracing-export-refused = refusé
tracing-export-counts = { $statements } parties, { $kept } restées
tracing-export-handed = pris { $n } fois
tracing-export-take = Prendre le fichier
tracing-did-export = Fichier { $n } pour { $to } établi
tracing-did-allow-export = Fichier { $n } approuvé
tracing-did-deny-export = Fichier { $n } refusé
