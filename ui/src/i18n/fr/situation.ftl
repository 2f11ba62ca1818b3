room-situation = Situation
room-wall = Tableau mural
figures-waiting = Les chiffres arrivent…
figures-aged = chiffres d’il y a { $age }
norms-title = Normes
norms-group = Famille d’incidents
norms-all-groups = toutes les familles
norms-window = Période
norms-window-watch = cette garde
norms-window-24 = 24 h
norms-window-168 = 7 jours
norms-window-744 = 31 jours
norms-none = Aucune norme.
norm = Norme
norm-target = Visé
norm-kept-of = Tenues / sur
norm-running = En cours
norm-running-hint = Commencés, pas finis, encore dans la norme : pas encore comptés
norm-late = En retard
norm-late-hint = Pas finis et la norme est passée, ou raccroché après la norme : comptés comme manqués
norm-left-out = Non mesurés
norm-of-total = mesurés { $of } sur { $total }
norm-left-no-start = { $n } sans heure de début
norm-left-no-end =
  { $n ->
    [one] { $n } fini sans heure de fin
   *[other] { $n } finis sans heure de fin
  }
norm-left-late-entry =
  { $n ->
    [one] { $n } saisi après coup
   *[other] { $n } saisis après coup
  }
norm-left-out-of-order =
  { $n ->
    [one] { $n } heure en désordre
   *[other] { $n } heures en désordre
  }
norm-left-gave-up =
  { $n ->
    [one] { $n } raccroché tôt
   *[other] { $n } raccrochés tôt
  }
hours-label = { $norm }, par heure
hours-hour = Heure
hours-day = Jour
hours-none = Rien de mesuré.
zones-title = Silence
zones-map = Carte du silence ; le tableau dit la même chose
zones-none = Pas encore de zones. Elles se font seules dès qu’il y a des unités et des communes.
zone = Zone
zone-state = État
zone-since = Depuis
zone-why = Pourquoi
zone-why-no-unit = Aucune unité disponible, affectée ou présente
zone-why-links-lost = { $lost } : dernier signe il y a { $age }
zone-why-never-so-few = 0 appel en 1 h. Même heure, { $n } jours : minimum { $least }, médiane { $median }
zone-why-as-usual = 0 appel en 1 h, comme d’habitude : médiane { $median } sur { $n } jours
zone-why-heard = { $events ->
    [one] { $events } appel ou rapport
   *[other] { $events } appels ou rapports
  } en 1 h, { $units ->
    [one] { $units } unité
   *[other] { $units } unités
  }
zone-why-too-little-history = 0 appel en 1 h. Historique trop court : { $n } jours sur 19
zone-why-no-link-to-check = 0 appel en 1 h, et les unités n’ont pas de balise
zone-why-not-yet = Pas encore observée
ledger-title = Demandes non servies
ledger-of = { $n } sur { $of } depuis { $since }
ledger-served = servies ensuite : { $n }
ledger-priority = Priorité
ledger-reason = Raison
ledger-said = Dit à
ledger-how-long = Durée
ledger-end = Issue
ledger-open = attend toujours
ledger-none = Personne n’est resté sans service.
load-title = Charge de travail
load-seats = postes occupés : { $n } sur { $of }
load-own = votre poste seulement
load-since = depuis { $at }
load-seat = Poste
load-sitting = Assis
load-sitting-hint = Depuis combien de temps la session est ouverte
load-calls = Appels
load-talking = En ligne
load-incidents = Incid.
load-assignments = Envois
load-promises = Prom.
load-overdue = { $n } en retard
load-none = Aucun compte de la salle.
load-share = En mission
load-busy = Min / sur
load-tasks = Missions
load-note = Par nom, pour prévoir la relève. Ce n’est pas un classement.
house-title = La maison
house-power = Courant
house-links = Liens
house-source = Source
house-generator-left = Groupe, autonomie
house-battery-left = Batterie, autonomie
house-lasting-unreadable = Écrivez 6:40 ou 40 min.
house-link-name = Nom du lien
house-link-kind = Genre
house-link-state = État
house-latency = Délai (ms)
house-tell-power = Indiquer le courant
house-tell-link = Indiquer un lien
house-told = il y a { $age }, { $by }
house-told-age = il y a { $age }
house-untold = personne ne l’a dit
house-no-links = Aucun lien dans la liste.
house-edit = changer
house-change = Changer l’état de { $name }
did-house-power = État du courant enregistré
did-house-link = État de { $name } enregistré
unserved-foot =
    { $n ->
        [one] demande non servie
       *[other] demandes non servies
    } depuis { $since }
unserved-of = sur { $of }
unserved-mark = Personne ne peut venir
unserved-why = Pourquoi personne ne peut venir pour { $number }
unserved-words = Un mot, si besoin
unserved-count = Inscrire comme non servie
unserved-stands = Non servie
unserved-by = { $by }, { $at }
unserved-withdraw = retirer, c’était une erreur
did-unserved = { $number } inscrit comme non servi
did-withdraw-unserved = { $number } retiré du registre
wall-incidents = Incidents ouverts
wall-waiting = Attente
wall-running = En cours
wall-oldest = ancien
wall-since = depuis { $at }
wall-target = visé { $share } %
wall-silence = Zones muettes
wall-no-zones = Pas encore de zones
wall-no-silence = Aucune zone muette
wall-more = { $n } hors écran
wall-age = ces données ont { $age }
wall-never = pas de données
wall-leave = Échap pour quitter le tableau
