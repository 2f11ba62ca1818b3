room-situation = Situation
room-wall = Wall board
figures-waiting = Figures are on their way…
figures-aged = figures { $age } old
norms-title = Norms
norms-group = Incident group
norms-all-groups = all groups
norms-window = Window
norms-window-watch = this watch
norms-window-24 = 24 h
norms-window-168 = 7 days
norms-window-744 = 31 days
norms-none = No norms.
norm = Norm
norm-target = Target
norm-kept-of = Kept / of
norm-running = Running
norm-running-hint = Begun, not ended, still within the norm: not counted yet
norm-late = Late
norm-late-hint = Not ended and past the norm, or the caller gave up after it: counted as missed
norm-left-out = Left out
norm-of-total = measured { $of } of { $total }
norm-left-no-start = { $n } without a start
norm-left-no-end = { $n } ended without an end time
norm-left-late-entry = { $n } entered late
norm-left-out-of-order =
  { $n ->
    [one] { $n } time out of order
   *[other] { $n } times out of order
  }
norm-left-gave-up = { $n } gave up early
hours-label = { $norm }, by hour
hours-hour = Hour
hours-day = Day
hours-none = Nothing measured.
zones-title = Silence
zones-map = Map of silence; the table says the same
zones-none = No zones yet. They form by themselves once there are units and communes.
zone = Zone
zone-state = State
zone-since = For
zone-why = Why
zone-why-no-unit = No unit available, assigned or there
zone-why-links-lost = { $lost }: last sign { $age } ago
zone-why-never-so-few = 0 calls in 1 h. Same hour, { $n } days: least { $least }, median { $median }
zone-why-as-usual = 0 calls in 1 h, as usual: median { $median } over { $n } days
zone-why-heard = { $events ->
    [one] 1 call or report
   *[other] { $events } calls or reports
  } in 1 h, { $units ->
    [one] 1 unit
   *[other] { $units } units
  }
zone-why-too-little-history = 0 calls in 1 h. Too little history: { $n } days of 19
zone-why-no-link-to-check = 0 calls in 1 h, and the units carry no tracker
zone-why-not-yet = Not looked at yet
ledger-title = Unserved demand
ledger-of = { $n } of { $of } since { $since }
ledger-served = served after all: { $n }
ledger-priority = Priority
ledger-reason = Reason
ledger-said = Said at
ledger-how-long = For
ledger-end = Outcome
ledger-open = still waiting
ledger-none = Nobody was left unserved.
load-title = Workload
load-seats = seats taken: { $n } of { $of }
load-own = your own seat only
load-since = since { $at }
load-seat = Seat
load-sitting = Sitting
load-sitting-hint = How long the session has been open
load-calls = Calls
load-talking = On line
load-incidents = Incid.
load-assignments = Sent
load-promises = Prom.
load-overdue = { $n } overdue
load-none = No accounts of the floor.
load-share = On task
load-busy = Min / of
load-tasks = Tasks
load-note = By name, for planning relief. Not a ranking.
house-title = The house
house-power = Power
house-links = Links
house-source = Source
house-generator-left = Generator, time left
house-battery-left = Battery, time left
house-lasting-unreadable = Write 6:40 or 40 min.
house-link-name = Name of the link
house-link-kind = Kind
house-link-state = State
house-latency = Delay (ms)
house-tell-power = Report power
house-tell-link = Report a link
house-told = { $age } ago, { $by }
house-told-age = told { $age } ago
house-untold = nobody has said
house-no-links = No links listed.
house-edit = change
house-change = Change the state of { $name }
did-house-power = Power reported
did-house-link = State of { $name } reported
unserved-foot =
    { $n ->
        [one] demand
       *[other] demands
    } unserved since { $since }
unserved-of = of { $of }
unserved-mark = Nobody can come
unserved-why = Why nobody can come to { $number }
unserved-words = A word, if needed
unserved-count = Count as unserved
unserved-stands = Unserved
unserved-by = { $by }, { $at }
unserved-withdraw = withdraw, an error
did-unserved = { $number } counted as unserved
did-withdraw-unserved = { $number } withdrawn from the ledger
wall-incidents = Open incidents
wall-waiting = Waiting
wall-running = Running
wall-oldest = oldest
wall-since = since { $at }
wall-target = target { $share } %
wall-silence = Silent zones
wall-no-zones = No zones yet
wall-no-silence = No zone is silent
wall-more = { $n } not shown
wall-age = this picture is { $age } old
wall-never = no data
wall-leave = Esc leaves the board
