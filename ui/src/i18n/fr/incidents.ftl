queue-title = Incidents
queue-open =
  { $n ->
    [one] { $n } ouvert
   *[other] { $n } ouverts
  }
queue-order = priorité, puis âge
queue-waiting = Attendent une équipe
queue-waiting-note = âge / norme
queue-waiting-none = Personne n’attend d’équipe.
queue-underway = En cours
queue-underway-note = équipe, état, temps
queue-underway-none = Rien en cours.
queue-left = clos
incident-pane = Incident choisi
incident-none = Aucun incident choisi
incident-none-hint = Choisissez-en un dans la liste, ou N pour un nouveau.
incident-none-first = Premier de la liste
incident-untyped = Type inconnu
incident-calls =
  { $n ->
    [one] { $n } appel
   *[other] { $n } appels
  }
incident-closed = clos
incident-needs = besoin : { $list }
incident-place = Lieu
incident-links = Lié à
incident-end = Issue
clocks-title = Horloges
act-note = note
act-priority = priorité
act-type = type
act-place = lieu
act-link = lier
act-close = clore
act-reopen = rouvrir
act-title = Changer le titre : { $title }
form-title = Titre
form-prioritise = Priorité
form-classify = Type
form-relocate = Lieu
form-link = Lier à quel incident
form-relation = Relation
form-close = Clore l’incident
form-disposition = Quelle issue ?
form-close-words = En quelques mots, si utile
form-reopen = Rouvrir l’incident
form-reopen-reason = Pourquoi ?
note-label = Note sur { $number }
note-placeholder = Ajouter une note à { $number }…
note-hint = toute langue · l’original reste
note-send = Ajouter
log-title = Main courante
log-note = on ajoute, on n’efface pas
log-system = sys
log-due = avant { $at }
log-entered = saisi { $at }
log-erased = mots effacés selon la loi
log-unreadable = Journal illisible pour l’instant ; ceci est le dernier état reçu.
did-open = Incident { $number } ouvert
did-note = Note inscrite sur { $number }
did-title = Titre de { $number } changé
did-classify = Type de { $number } inscrit
did-prioritise = Priorité de { $number } inscrite
did-relocate = Lieu de { $number } inscrit
did-link = Lien de { $number } inscrit
did-close = { $number } clos
did-reopen = { $number } rouvert
queue-to-close = à clore
queue-closing = À clore
unlink = délier
unlink-from = Délier de { $number }
did-unlink = Délié de { $number }
