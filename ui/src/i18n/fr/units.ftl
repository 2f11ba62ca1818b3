unit-panel = Unité { $unit }
unit-people =
  { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
  }
unit-home = poste : { $place }
unit-shift = service jusqu’à { $at }
unit-shift-none = fin de service inconnue
unit-help = SECOURS { $since }
unit-timer-left = minuteur { $left }
unit-welfare-left = tout va bien ? { $left }
unit-timer = Minuteur
unit-timer-minutes = Minutes
unit-timer-words = Pour quoi
unit-timer-set = Poser
unit-timer-stop = Arrêter
unit-welfare = Équipage
unit-welfare-ask = Interroger les unités sur { $number }
unit-welfare-ok = Oui, tout va bien
unit-welfare-not = Non : secours
unit-emergency = Urgence
unit-emergency-press = { $unit } appelle au secours
unit-emergency-sure = Encore une fois pour confirmer
unit-emergency-settle = Régler l’urgence
unit-emergency-reason = Comment cela a fini ?
unit-service = Service
unit-out = Mettre hors service
unit-back = Remettre disponible
unit-on-task = sur { $number }
did-timer-set = Minuteur sur { $unit } : { $minutes } min
did-timer-stop = Minuteur de { $unit } arrêté
did-welfare-ask =
  { $n ->
    [one] { $n } unité interrogée
   *[other] { $n } unités interrogées
  }
did-welfare-ok = { $unit } va bien
did-emergency = Urgence de { $unit } enregistrée
did-emergency-settle = Urgence de { $unit } réglée
