room-tracing = Firearms tracing
tracing-rooms = Pages of tracing
tracing-room-workspace = Workspace
tracing-room-board = Recoveries
tracing-room-matches = Matches
tracing-room-requests = Requests
tracing-room-indicators = Indicators
tracing-held = On record
tracing-held-n = { $recoveries } recoveries, { $firearms } firearms
tracing-data = Data
tracing-asking = Asking…
tracing-day = { $d } { $m } { $y }
tracing-month = { $m } { $y }
tracing-between = between { $from } and { $to }
tracing-purpose = Purpose
tracing-purpose-of = Purpose of the session
tracing-purpose-title = Say the purpose of the session
tracing-purpose-note = For 8 hours, each reading of a person goes on the record with this purpose and this case.
tracing-purpose-none = not said yet
tracing-purpose-until = until { $at }, reads are logged
tracing-purpose-say = Say the purpose first
tracing-purpose-do = Begin
tracing-case = Case
tracing-choose-one = Choose
tracing-did-desk = Purpose written in the journal
tracing-graph = Network
tracing-shown = { $n } of { $total } shown, from { $ref }
tracing-inferred = inferred
tracing-table = table
tracing-sealed = sealed
tracing-folded = { $n } folded
tracing-links-n =
  { $n ->
    [one] { $n } link
   *[other] { $n } links
  }
tracing-more-n = { $n } not shown
tracing-network-of = network { $name }
tracing-too-many = That would be { $n }; { $max } at most
tracing-too-many-hint = Fold another, or start from here.
tracing-column-dealer = dealer
tracing-column-person = purchaser
tracing-column-firearm = firearm
tracing-column-consignment = consignment
tracing-column-recovery = recovery
tracing-evidence-evidenced = evidenced
tracing-evidence-inferred = inferred
tracing-evidence-lead = lead
tracing-evidence-confirmed = confirmed
tracing-evidence-excluded = excluded
tracing-legend-inferred = inferred, with its confidence
tracing-legend-lead = ballistic lead, until a microscope confirms it
tracing-limits = A lead goes to a person; nothing here acts on its own. Victims and witnesses are on no graph.
tracing-ref = Reference
tracing-kind = Kind
tracing-what = What
tracing-date = Date
tracing-link = Link
tracing-links = Links
tracing-not-shown = Not shown
tracing-how-known = How it is known
tracing-confidence = Confidence
tracing-time = Time
tracing-axis = Axis of time
tracing-hatched-note = hatched: the date is not known, this is its range
tracing-all-days = all days
tracing-brush-on = narrow in time
tracing-brush-off = all time
tracing-brush-from = Beginning of the period
tracing-brush-to = End of the period
tracing-no-days = No dates are known.
tracing-lane = Row
tracing-lane-sale = Sales
tracing-lane-sale-note = retail, first
tracing-lane-consignment = Consignment
tracing-lane-recovery = Recoveries
tracing-lane-request = Trace requests
tracing-lane-request-note = sent to answered
tracing-unanswered = { $what }, no answer for { $n } d
tracing-answered-in = { $what }, answered in { $n } d
tracing-sold-n = { $ref }: { $n } firearms, one day
tracing-ttc = { $ref }: time to crime { $n } days
tracing-ttc-range = { $ref }: time to crime { $least } to { $most } days
tracing-from = From
tracing-to = To
tracing-open = not over
tracing-route = Route
tracing-route-label = Map of routes: { $n } legs. Arrows move, + and − zoom, Enter goes from leg to leg.
tracing-legs-n =
  { $n ->
    [one] { $n } leg; the curve joins places, it is no track
   *[other] { $n } legs; curves join places, they are no tracks
  }
tracing-fit = see all
tracing-no-route = No route is known.
tracing-evidence = Evidence
tracing-evidence-of = Evidence on { $ref }
tracing-evidence-note =
  { $n ->
    [one] { $n } link
   *[other] { $n } links
  }
tracing-walk = link by link
tracing-fold = Fold
tracing-open-n = Open { $n }
tracing-root-here = Start from here
tracing-ask-trace = Ask for a trace
tracing-no-links = No links.
tracing-held-of = What is said of { $ref }
tracing-choose = Choose something in the network.
tracing-judgements = Judgements of sameness
tracing-undone-by = undone by { $who }
tracing-undo = Undo
tracing-did-unjudge = Judgement undone
tracing-no-claims = Nobody has said anything yet.
tracing-contested = sources differ
tracing-prefer = Work with this
tracing-preferred = worked with
tracing-did-prefer = { $prop }: another value is worked with
tracing-withdraw = Withdraw
tracing-withdraw-why = Why?
tracing-withdrawn = withdrawn
tracing-did-withdraw = Claim withdrawn; the journal keeps that it was made
tracing-grade-of = source: { $reliability }; information: { $credibility }
tracing-hash = hash { $hash }
tracing-for-anyone = for anyone
tracing-releasable = releasable { $list }
tracing-only = { $who } only
tracing-for-purposes = for { $list }
tracing-onward = may go on
tracing-review = review by { $day }
tracing-photo-missing = the photograph did not come
tracing-inferred-from = Inferred: { $why }, confidence { $n }
tracing-for = For it
tracing-against = Against it
tracing-refute = What would refute it
tracing-nothing = nothing
tracing-readings = Readings, by what speaks against them
tracing-innocent = innocent
tracing-against-n = { $n } against
tracing-hangs = Without “{ $item }”, another reading would stand first.
tracing-matrix = The matrix: { $items } items, { $readings } readings
tracing-matrix-less = Close the matrix
tracing-matrix-title = Each item against each reading
tracing-item = Item
tracing-cell-cc = fits very well
tracing-cell-c = fits
tracing-cell-n = neither
tracing-cell-na = does not apply
tracing-cell-i = does not fit
tracing-cell-ii = contradicts
tracing-person-locked = What identifies it is sealed.
tracing-person-locked-note = The reading goes on the record with its purpose.
tracing-person-no-purpose = A person is read for a purpose and a case only.
tracing-person-read = Read the person
tracing-person-read-as = Read for { $purpose }, case { $case }: on the record
tracing-person-kept = kept until { $day }
tracing-did-read = { $ref } read: it is on the record
tracing-ask-opening = Ask to open it
tracing-ask-opening-note = a second person decides
tracing-did-ask = Asked to open { $ref }
tracing-unseal = Show
tracing-did-unseal = { $prop } read: it is on the record
tracing-opened-for = Open to you for { $time } more; { $who } allowed it
tracing-opening-waits = The request has waited for a second person since { $at }
tracing-opening-refused = { $who } did not allow it
tracing-openings = Requests to open
tracing-openings-n = { $n } waiting
tracing-openings-note = A second person decides; nobody decides their own.
tracing-openings-none = Nothing waits.
tracing-number = Number
tracing-person = Person
tracing-open-person = See in the network
tracing-asked-by = Asked by
tracing-since = Since
tracing-decision = Decision
tracing-second-person = somebody else must decide
tracing-allow = Allow
tracing-allow-sure = Press again to open
tracing-deny = Do not allow
tracing-did-allow = Request { $n } allowed for 8 hours
tracing-did-deny = Request { $n } not allowed
tracing-matches = Serial matches
tracing-matches-n = { $n } to look at
tracing-matches-none = No match waits for a decision.
tracing-matches-choose = Choose one in the list.
tracing-best-first = best first
tracing-which = Which to show
tracing-undecided = not decided yet
tracing-all = all
tracing-more = More
tracing-match-hand = Match in hand: { $ref }
tracing-match-firearm = like { $ref }
tracing-match-duplicate = same serial as { $ref }: twice?
tracing-register = Register
tracing-recovered = Recovered
tracing-each-mark = each mark
tracing-marks-of = { $a } beside { $b }, mark by mark
tracing-relation-same = same
tracing-relation-look-alike = look alike
tracing-relation-unknown = unread
tracing-relation-missing = missing on the firearm
tracing-relation-extra = extra on the firearm
tracing-relation-swapped = swapped
tracing-relation-other = another mark
tracing-relation-near = near
tracing-relation-differs = differs
tracing-pair-look-alike = { $a } and { $b } look alike
tracing-pairs-same = every mark the same
tracing-pairs-unknown =
  { $n ->
    [one] { $n } mark unread
   *[other] { $n } marks unread
  }
tracing-pairs-missing =
  { $n ->
    [one] { $n } mark missing
   *[other] { $n } marks missing
  }
tracing-pairs-extra =
  { $n ->
    [one] { $n } mark extra
   *[other] { $n } marks extra
  }
tracing-pairs-swapped =
  { $n ->
    [one] { $n } pair swapped
   *[other] { $n } pairs swapped
  }
tracing-pairs-other =
  { $n ->
    [one] { $n } mark differs
   *[other] { $n } marks differ
  }
tracing-part-register = 1 of { $entries } entries, before looking
tracing-part-marks =
  { $count ->
    [one] { $count } mark the same
   *[other] { $count } marks the same
  }
tracing-part-look-alike =
  { $count ->
    [one] { $count } mark that looks alike
   *[other] { $count } marks that look alike
  }
tracing-part-unread =
  { $count ->
    [one] { $count } mark unread
   *[other] { $count } marks unread
  }
tracing-part-swapped =
  { $count ->
    [one] { $count } pair swapped
   *[other] { $count } pairs swapped
  }
tracing-part-missing =
  { $count ->
    [one] { $count } mark missing
   *[other] { $count } marks missing
  }
tracing-part-extra =
  { $count ->
    [one] { $count } mark extra
   *[other] { $count } marks extra
  }
tracing-part-other =
  { $count ->
    [one] { $count } mark differs
   *[other] { $count } marks differ
  }
tracing-part-make = make: { $value }, { $relation }
tracing-part-model = model: { $value }, { $relation }
tracing-part-calibre = calibre: { $value }, { $relation }
tracing-part-type = type: { $value }, { $relation }
tracing-part-pattern = how this maker numbers
tracing-part-others =
  { $count ->
    [one] { $count } other as near
   *[other] { $count } others as near
  }
tracing-near = together, of { $of } searched
tracing-match-why = Why “{ $verdict }”?
tracing-decide = Decide
tracing-did-match = { $ref }: { $verdict }
tracing-did-unmatch = Decision on { $ref } undone
tracing-photos = photographs
tracing-photo-n =
  { $n ->
    [one] { $n } photograph
   *[other] { $n } photographs
  }
tracing-photo-of = Photograph of { $ref }
tracing-no-photo = no photograph
tracing-register-no-photo = register entry, no photograph
tracing-open-work = Work on { $ref }
tracing-start = Start from a recovery.
tracing-start-hint = Choose one on the board of recoveries (2) and press Enter.
key-tracing-move = neighbour in the network
key-tracing-open = open or fold
key-tracing-walk = link by link, with its evidence
key-tracing-table = table instead of the drawing
key-tracing-big = one drawing, large
key-tracing-inferred = with or without what is inferred
key-tracing-brush = narrow in time; arrows adjust it
key-tracing-near = nearer, farther, all
key-tracing-decide = same, not the same, unsure
key-tracing-undo = take back the last decision
tracing-land-florida = Florida
tracing-land-cuba = Cuba
tracing-land-jamaica = Jamaica
tracing-land-bahamas = Bahamas
tracing-land-haiti = Haiti
tracing-land-dominican = Dominican Rep.
tracing-land-puerto-rico = Puerto Rico
tracing-land-mexico = Mexico
tracing-land-colombia = Colombia
tracing-land-venezuela = Venezuela
tracing-land-panama = Panama
tracing-land-honduras = Honduras
tracing-land-georgia = Georgia
tracing-land-texas = Texas
tracing-land-trinidad = Trinidad
tracing-land-caribbean = Caribbean Sea
tracing-land-gulf = Gulf
tracing-sold =
  { $n ->
    [one] { $n } firearm sold
   *[other] { $n } firearms sold
  }
tracing-shared-by = shared by { $n } firearms
tracing-apart-days =
  { $n ->
    [one] { $n } day apart
   *[other] { $n } days apart
  }
tracing-apart-serials =
  { $n ->
    [one] { $n } serial apart
   *[other] { $n } serials apart
  }
tracing-rate-note = Press a cell to rate it yourself; it goes on the record.
tracing-did-rate = Your rating is on the record
tracing-ways-to = Likeliest ways to { $ref }
tracing-ways-from =
  { $n ->
    [one] from { $n } piece of evidence
   *[other] from { $n } pieces of evidence
  }
tracing-ways-other = other ways
tracing-ways-none = none of these
tracing-networks = Networks found
tracing-networks-n = { $n } of { $of } firearms in a network
tracing-networks-at = searched { $at }
tracing-networks-stale = searched { $at }; something was stated since
tracing-networks-search = Search anew
tracing-networks-none = No network. Start from a recovery.
tracing-did-search = Search done: { $n } networks
tracing-network = Network
tracing-network-why = Why they stand together
tracing-network-breaks = What would break it
tracing-network-without = without { $what }: { $parts }
tracing-network-strongest = Strongest links
tracing-evidenced-share = { $n } % of its links evidenced
tracing-firearms = Firearms
tracing-first-last = First and last recovery
tracing-countries = Countries
tracing-choose-recovery = Choose a recovery in the list.
tracing-choose-recovery-hint = Arrows and Enter; Enter again works on it.
tracing-board = Board
tracing-board-recoveries = Recoveries
tracing-board-firearms = Firearms
tracing-filter = Choose what is shown
tracing-find-recovery = R-118, F-7, case, agency, serial…
tracing-find-firearm = F-118, R-3 or how a serial begins
tracing-country = Country
tracing-since-day = since: 7/2026
tracing-until-day = until: 2026
tracing-incomplete = incomplete
tracing-missing = Missing
tracing-other = Other
tracing-recovered-on = Recovered
tracing-trace-state = Trace request
tracing-none-such = None such.
tracing-rows-shown =
  { $n ->
    [one] { $n } row
   *[other] { $n } rows
  }
tracing-work-on = Work on it
tracing-add = Add
tracing-new-recovery = New recovery
tracing-draft-go = Go on with your draft
tracing-add-items = More items of { $ref }
tracing-form-note = as one source says it; whole or nothing
tracing-item-n = Item { $n }
tracing-items-n =
  { $n ->
    [one] { $n } item
   *[other] { $n } items
  }
tracing-item-again = Another like it
tracing-item-drop = Remove
tracing-more-fields =
  { $n ->
    [one] { $n } more field
   *[other] { $n } more fields
  }
tracing-kept-as-written = Not known: kept as written.
tracing-day-placeholder = 10/7/2026, 7/2026 or 2026
tracing-day-unread = Write day, month, year: 10/7/2026
tracing-serial-note = ? for a mark that cannot be read; “obliterated” if it was filed off
tracing-photo-add = Add photographs
tracing-photo-drop = Remove this photograph
tracing-photo-large = That photograph has { $n } MB; { $max } MB at most.
tracing-photo-kind = Only JPEG, PNG and WebP are taken.
tracing-complete = { $have } of { $of } identifiers for a trace
tracing-standing-given = given
tracing-standing-doubtful = doubtful
tracing-standing-missing = missing
tracing-standing-excused = cannot be given
tracing-source = Source and rules
tracing-source-kind = Kind of source
tracing-source-reference = Reference
tracing-source-placeholder = Report 118/26, 10 July 2026
tracing-source-grade = Grade
tracing-source-first = Give the source’s reference first.
tracing-reliability = Reliability of the source
tracing-credibility = Credibility of the information
tracing-handling = Who may have it
tracing-handling-change = Change
tracing-release-to = Releasable to
tracing-release-note = Codes of states or sites; * for anyone
tracing-codes-unread = { $list }: no code. Write: US DO JM
tracing-purposes = Purposes
tracing-onward-title = Passing on
tracing-onward-note = whoever receives it may pass it on under the same rules
tracing-review-on = Review by
tracing-record = Record
tracing-drop = Throw the draft away
tracing-drop-sure = Press again: all of it goes
tracing-kept-typed = What you wrote is still here: try again when the link is back.
tracing-did-record = { $ref } recorded with { $n } items
tracing-recovery-hand = Recovery in hand
tracing-contested-n =
  { $n ->
    [one] { $n } value on which sources differ
   *[other] { $n } values on which sources differ
  }
tracing-similar-same-serial = same serial number
tracing-similar-same-case = same case, same day
tracing-judge = Judge whether it is the same
tracing-judge-why = Why? It goes on the record.
tracing-did-judge = { $a } and { $b }: { $verdict }
tracing-sold-after = First sale after the recovery: one of the two days is wrong.
tracing-import = Import a file
tracing-import-note = CSV, XLSX or ODS, 25 MB at most. Nothing is written before you have seen what becomes of each row.
tracing-file-choose = Choose the file
tracing-file-other = Another file
tracing-file-large = That file has { $n } MB; { $max } MB at most.
tracing-step-file = file
tracing-step-columns = columns
tracing-step-dry = dry run
tracing-step-run = write
tracing-taken = Files that came in
tracing-rows = rows
tracing-rows-n =
  { $n ->
    [one] { $n } row
   *[other] { $n } rows
  }
tracing-good = good
tracing-bad = bad
tracing-made = New
tracing-known = known
tracing-not-done = not finished
tracing-mapping = What the columns mean
tracing-mapping-own = I choose for each column
tracing-mapping-none = Choose at least one column that tells of a firearm or a recovery.
tracing-originator = Whose words
tracing-originator-us = ours
tracing-column = Column
tracing-sample = Examples
tracing-means = Means
tracing-means-of = What “{ $column }” means
tracing-not-read = not read
tracing-column-twice = Two columns mean the same: { $list }
tracing-doubt-dates-ambiguous = Days can be read either way (03/04): look closely.
tracing-doubt-dates-mixed = Some days begin with the day, others with the month.
tracing-doubt-dates-unreadable = Some days cannot be read.
tracing-doubt-no-serial = No column of serial numbers.
tracing-doubt-no-date = No column of days.
tracing-dry-run = Dry run
tracing-dry-note = The dry run writes nothing.
tracing-dry-title = What would become of it
tracing-judging = Judging each row…
tracing-running = Going in
tracing-done = It is in
tracing-run = Write { $n } rows
tracing-run-good = Write the { $n } good rows, leave { $bad }
tracing-stop = Stop
tracing-did-import = { $file }: { $n } rows went in
tracing-flags = Kept with a doubt
tracing-unread-columns = Columns not read: { $list }
tracing-absent-columns = Columns that are not there: { $list }
tracing-similar-n =
  { $n ->
    [one] { $n } row is like another
   *[other] { $n } rows are like others
  }
tracing-line = row { $n }
tracing-line-title = Row
tracing-bad-rows = Rows that cannot go in
tracing-indicator = Indicator
tracing-share = Share
tracing-of = Of
tracing-total = Total
tracing-period = { $from } to { $to }; as of { $as_of }
tracing-period-choose = Period
tracing-last-year = 12 months
tracing-none-yet = Nothing yet.
tracing-small = fewer than 10
tracing-small-note = “< 10”: small counts are withheld, so that no case can be recognised. Hatched: only the bounds are known.
tracing-outcomes-year = Outcomes, by year of recovery
tracing-answered-partner = Our requests, by state
tracing-column-answered = answered
tracing-column-not = not yet
tracing-indicators-note = Only what this site recorded; no sample of a country’s firearms. These figures rank no state.
tracing-ttc-title = Time-to-crime
tracing-ttc-by = Tell apart
tracing-as-of = as of { $day }
tracing-by-none = all
tracing-by-origin = country of sale
tracing-by-calibre = calibre
tracing-by-dealer = dealer
tracing-curve-all = all firearms
tracing-curve-label = { $title }: { $n } firearms, half of them within { $median } days
tracing-years-after = years after the first sale
tracing-curve-n = On the curve
tracing-curve-counts = { $n } firearms: { $events } recovered, { $censored } not yet
tracing-curve-excluded = Not on it
tracing-curve-note = Band: 95 % interval. Dotted: the Weibull law fitted to it. Only recovered and traced firearms are on it: those not recovered yet are missing, so times look shorter than they are.
tracing-median = Half within
tracing-median-none = half not reached
tracing-within-1 = Within 1 year (95 %)
tracing-within-3 = Within 3 years (95 %)
tracing-weibull = shape { $shape }, scale { $scale } years
tracing-log-rank = log-rank test p = { $p }
tracing-impossible =
  { $n ->
    [one] { $n } firearm has days that cannot both be true.
   *[other] { $n } firearms have days that cannot both be true.
  }
tracing-excluded-sale-unknown = sale not known
tracing-excluded-recovery-unknown = recovery not dated
tracing-excluded-recovered-before-sale = recovered before the sale
tracing-excluded-sold-after-as-of = sold in the future
tracing-excluded-recovered-after-as-of = recovered in the future
tracing-excluded-before-window = before the period
tracing-excluded-negative-days = negative time
tracing-side-both = All
tracing-side-in = That came
tracing-side-out = That went
tracing-only-open = open ones
tracing-partner = State or site
tracing-owed-us =
  { $n ->
    [one] we owe { $n } word
   *[other] we owe { $n } words
  }
tracing-owed-them = { $n } owed to us
tracing-requests-none = No such request.
tracing-requests-choose = Choose a request in the list.
tracing-requests-choose-hint = To make one, open a firearm and press R.
tracing-request-hand = Request in hand
tracing-we-asked = we ask { $who }
tracing-they-asked = { $who } asks us
tracing-turn-us = Our turn
tracing-turn-them = Their turn
tracing-turn-nobody = It is over
tracing-clock-ack-due = to be acknowledged
tracing-clock-answer-due = to be answered
tracing-clock-lapse = lapses
tracing-due-in = in { $time }
tracing-over-by = over by { $time }
tracing-trouble = Our last letter was refused ({ $code }).
tracing-waits-second = The answer that { $who } prepared waits for a second person.
tracing-verb-edit = Change
tracing-verb-approve = Approve
tracing-verb-send = Send
tracing-verb-acknowledge = Acknowledge
tracing-verb-progress = In progress
tracing-verb-need-more = More is needed
tracing-verb-refuse = Refuse
tracing-verb-answer = Answer
tracing-verb-ask-again = Ask again
tracing-verb-sure = { $verb }: see what goes, press again
tracing-to-second = Hand to a second person
tracing-did-step = { $ref }: { $state }
tracing-did-draft = Draft { $ref } to { $to } written
tracing-draft-do = Write the draft
tracing-draft-note = Nothing goes yet: you see what would travel, a second person approves, then you send it.
tracing-to-whom = To
tracing-partner-off = stopped
tracing-channel = Channel
tracing-channel-lanbi = signed letter
tracing-channel-etrace = eTrace, by hand
tracing-channel-iarms = iARMS, by hand
tracing-channel-paper = paper
tracing-priority = Priority
tracing-outcome = Outcome
tracing-asks = What is needed
tracing-words = Words
tracing-tells-sale = The answer tells of a sale
tracing-names-buyer = Name who bought
tracing-names-buyer-note = a second person must approve
tracing-buyer-exists = somebody bought it
tracing-buyer-sealed = who bought is sealed
tracing-clocks = Clocks
tracing-story = Story
tracing-statements-n =
  { $n ->
    [one] { $n } claim
   *[other] { $n } claims
  }
tracing-receipt = signed receipt, key { $key }, { $at }
tracing-receipt-none = no receipt yet
tracing-when-drafted = drafted
tracing-when-approved = approved
tracing-when-sent = sent
tracing-when-arrived = arrived
tracing-when-delivered = delivered
tracing-when-acknowledged = acknowledged
tracing-when-in-progress = in progress
tracing-when-more-needed = more needed
tracing-when-sent-again = sent again
tracing-when-answered = answered
tracing-when-refused = refused
tracing-when-lapsed = lapsed
tracing-step-said-drafted = Drafted
tracing-step-said-changed = Changed
tracing-step-said-approved = Approved by a second person
tracing-step-said-sent = Sent
tracing-step-said-arrived = Arrived
tracing-step-said-acknowledged = Acknowledged
tracing-step-said-in-progress = In progress
tracing-step-said-more-needed = More is needed
tracing-step-said-refused = Refused
tracing-step-said-answer-prepared = Answer prepared
tracing-step-said-answered = Answered
tracing-step-said-lapsed = Lapsed
tracing-step-said-withdrawn = Claims withdrawn
tracing-step-said-withdrawn-untold = Withdrawn, not told yet
tracing-preview-title = What would go to { $who }
tracing-preview-needed = The five identifiers
tracing-preview-kept = show what stays
tracing-preview-nothing = Nothing would go.
tracing-preview-buyer = tells that somebody bought it
tracing-goes-goes = goes
tracing-goes-stays = stays
tracing-goes-missing = missing
tracing-report = Report
tracing-exports = What went out
tracing-exports-none = Nothing went out yet.
tracing-export-new = Make a file for another state
tracing-export-note = cut to what its recipient may have
tracing-export-chosen = the { $n } things of the workspace
tracing-export-judgements = with the judgements
tracing-export-format = Form
tracing-format-report = PDF report
tracing-format-ftm = FollowTheMoney
tracing-format-stix = STIX 2.1
tracing-format-csv = CSV tables
tracing-format-statements = claims
tracing-export-claims = claims
tracing-export-things = things
tracing-export-sources =
  { $n ->
    [one] of { $n } source
   *[other] of { $n } sources
  }
tracing-export-second = A second person must allow it before it goes.
tracing-export-items = See the { $n } things one by one
tracing-export-make = Make it
tracing-export-n = File { $n }
tracing-export-waiting = waits for a second person
tracing-export-ready = ready
tracing-export-refused = not allowed
tracing-export-counts = { $statements } go, { $kept } stay
tracing-export-handed =
  { $n ->
    [one] taken once
   *[other] taken { $n } times
  }
tracing-export-take = Take the file
tracing-did-export = File { $n } to { $to } made
tracing-did-allow-export = File { $n } allowed
tracing-did-deny-export = File { $n } not allowed
