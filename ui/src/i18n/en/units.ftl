unit-panel = Unit { $unit }
unit-people = { $n } aboard
unit-home = post: { $place }
unit-shift = shift until { $at }
unit-shift-none = end of shift not known
unit-help = HELP { $since }
unit-timer-left = timer { $left }
unit-welfare-left = all well? { $left }
unit-timer = Timer
unit-timer-minutes = Minutes
unit-timer-words = What for
unit-timer-set = Set
unit-timer-stop = Stop it
unit-welfare = Crew well?
unit-welfare-ask = Ask every unit on { $number }
unit-welfare-ok = Yes, all well
unit-welfare-not = No: help
unit-emergency = Emergency
unit-emergency-press = { $unit } calls for help
unit-emergency-sure = Press again to confirm
unit-emergency-settle = Settle it
unit-emergency-reason = How did it end?
unit-service = Service
unit-out = Take out of service
unit-back = Back in service
unit-on-task = on { $number }
did-timer-set = Timer on { $unit }: { $minutes } min
did-timer-stop = Timer of { $unit } stopped
did-welfare-ask =
  { $n ->
    [one] { $n } unit asked
   *[other] { $n } units asked
  }
did-welfare-ok = { $unit } is well
did-emergency = Emergency of { $unit } recorded
did-emergency-settle = Emergency of { $unit } settled
