# Taking back what one has just done.
undo-late = More than { $seconds } seconds have passed: it is too late to undo it.
    .hint = Do the opposite now; both stay in the journal.
undo-not-yours = { $by } did that; nobody else can undo it.
    .hint = Call them, or do the opposite with a command.
undo-overtaken = Something else has happened since; nothing is undone.
    .hint = Look how it stands now, then change it by hand.
undo-nothing = There is nothing to undo here.
    .hint = Change it by hand; the former value is in the journal.
note-none = Incident { NUMBER($number, useGrouping: 0) } has no such note.
    .hint = Look at its log; each note has its number.
note-withdrawn = That note is withdrawn already.
    .hint = Write another one if there is something to say.
