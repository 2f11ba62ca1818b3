alarms-title = Alarmes
alarms-unseen = Alarmes que personne n’a prises, la plus ancienne d’abord
alarms-none = Aucune alarme n’attend.
alarms-folded =
  { $n ->
    [one] + { $n } autre
   *[other] + { $n } autres
  }
alarms-unseen-n =
  { $n ->
    [one] { $n } non vue
   *[other] { $n } non vues
  }
alarms-rate = { $n } en 10 min, limite { $limit }
alarms-flood = trop d’alarmes
alarms-ledger = Registre des alarmes
alarms-view-open = Toutes
alarms-view-unseen = Non vues
alarms-view-shelved = De côté
alarms-view-ended = Finies
alarms-none-open = Aucune alarme.
alarms-none-unseen = Toutes les alarmes sont prises.
alarms-none-shelved = Aucune alarme de côté.
alarms-none-ended = Aucune alarme finie.
alarms-unread = La liste ne peut pas être lue maintenant.
alarms-more = Montrer les précédentes
alarms-by-kind = Par genre
alarms-by-incident = Par incident
alarms-no-incident = Sans incident
alarms-take-group = Prendre les { $n }
alarm-take = Prendre
alarm-take-it = Prendre l’alarme et aller voir
alarm-go = Aller voir
alarm-shelve = Mettre de côté
alarm-shelve-minutes = Minutes ({ $limit } au plus)
alarm-unshelve = Remettre
alarm-unseen = non vue
alarm-taken-by = { $by }, { $at }
alarm-shelved = de côté jusqu’à { $until }, { $by } : { $reason }
alarm-over = { $what } · finie, personne ne l’a vue
alarm-carried = Personne n’a pris cette alarme : { $what }
alarm-unanswered = L’appel { $call } sonne depuis { $since }
alarm-text-waiting = Le message { $call } attend depuis { $since }
alarm-callback-overdue = Rappel de l’appel { $call } en retard de { $since }
alarm-promise-overdue = Promesse « { $promise } » en retard de { $since }
alarm-unassigned = { $priority } sans unité depuis { $since }, norme { $limit }
alarm-unacknowledged = { $unit } n’accuse pas depuis { $since }
alarm-no-movement = { $unit } en route, immobile depuis { $since }
alarm-lost-link = { $unit } sans nouvelles depuis { $since }
alarm-timer-out = Minuteur { $unit } écoulé depuis { $since }
alarm-welfare-overdue = { $unit } ne répond pas au contrôle depuis { $since }
alarm-emergency-button = { $unit } appelle au secours depuis { $since }
alarm-void-zone = { $zone } sans nouvelles depuis { $since }
alarm-message-unacknowledged = Message urgent : { $n } sur { $of } l’ont accusé, depuis { $since }
alarm-other = { $kind } depuis { $since }
severity-emergency = urgence
severity-high = haute
severity-medium = moyenne
severity-low = basse
did-alarm-take = Alarme prise
did-alarms-take =
  { $n ->
    [one] { $n } alarme prise
   *[other] { $n } alarmes prises
  }
did-alarm-shelve = Alarme mise de côté pour { $minutes } min
did-alarm-unshelve = Alarme revenue
undo-emergency = Pressé par erreur
