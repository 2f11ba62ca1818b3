unit-panel = Unidad { $unit }
unit-people =
  { $n ->
    [one] { $n } persona
   *[other] { $n } personas
  }
unit-home = puesto: { $place }
unit-shift = turno hasta { $at }
unit-shift-none = fin de turno desconocido
unit-help = AUXILIO { $since }
unit-timer-left = temporizador { $left }
unit-welfare-left = ¿bien? { $left }
unit-timer = Temporizador
unit-timer-minutes = Minutos
unit-timer-words = Para qué
unit-timer-set = Poner
unit-timer-stop = Detener
unit-welfare = ¿Están bien?
unit-welfare-ask = Preguntar a las unidades en { $number }
unit-welfare-ok = Sí, están bien
unit-welfare-not = No: auxilio
unit-emergency = Emergencia
unit-emergency-press = { $unit } pide auxilio
unit-emergency-sure = Otra vez para confirmar
unit-emergency-settle = Resolver la emergencia
unit-emergency-reason = ¿Cómo terminó?
unit-service = Servicio
unit-out = Poner fuera de servicio
unit-back = Volver a disponible
unit-on-task = en { $number }
did-timer-set = Temporizador en { $unit }: { $minutes } min
did-timer-stop = Temporizador de { $unit } detenido
did-welfare-ask =
  { $n ->
    [one] { $n } unidad preguntada
   *[other] { $n } unidades preguntadas
  }
did-welfare-ok = { $unit } está bien
did-emergency = Emergencia de { $unit } registrada
did-emergency-settle = Emergencia de { $unit } resuelta
