# Trace requests between sites and states.

trace-none = There is no such trace request.
    .hint = Reload, and choose it from the list.
trace-changed = { $ref } was changed by somebody else (version { $version }).
    .hint = Reload, look, and decide again.
trace-step = { $ref } is { $state ->
        [draft] a draft
        [sent] sent
        [acknowledged] acknowledged
        [in_progress] in progress
        [more_needed] waiting for more information
        [answered] answered
        [refused] refused
       *[lapsed] lapsed
    }: that is not possible now.
    .hint = Next: { $next ->
        [approve] a second person approves it.
        [send] send it.
        [edit] change it.
        [acknowledge] acknowledge it first.
        [progress] say that somebody searches.
        [need_more] say what is missing.
        [refuse] refuse it, with a reason.
        [answer] answer it.
        [wait] wait for the other side.
        [ask_again] draft a new request.
       *[none] nothing: it is closed.
    }
trace-second-person = Whoever wrote { $ref } cannot also approve it.
    .hint = A second person must look at what leaves.
trace-person-needed = That is for a person, not for a machine’s key.
    .hint = Sign in with your own account.
trace-not-as-approved = { $ref } is no longer what was approved.
    .hint = Something was stated, withdrawn or changed since. Have it approved again.
trace-not-asked = We did not ask that ({ $ref }).
    .hint = The other site’s record should be looked at.
trace-open-already = { $to } is asked about this firearm already: { $ref }.
    .hint = Wait for that one, or let it lapse.
trace-nothing-travels = Nothing of { $ref } may go to { $to }.
    .hint = Look at the preview: the statements name who may have them, and for what.
trace-no-firearm = { $ref } is no firearm.
    .hint = A trace is asked for one firearm.
trace-to-us = { $to } is this site itself.
    .hint = Ask another state or site.
trace-no-way = Requests cannot go to { $to } by letter.
    .hint = The administrator adds the partner or switches it on; or choose another channel and write down by hand.
trace-not-over = The time of { $ref } is not over.
    .hint = It lapses by itself on its day.
trace-asks = More than { $limit } properties at once.
    .hint = Ask for what a trace truly needs.
trace-asks-nothing = Say what is missing.
    .hint = Choose properties, or write it in words.
trace-reason-missing = An undetermined trace needs a reason.
    .hint = Choose why nobody was found.
trace-no-purchaser = The answer to { $ref } names nobody who bought.
    .hint = State the sale with its buyer first, releasable to the asker; or answer without names.
trace-terms = Those days do not follow each other: acknowledged, answered, lapsed.
    .hint = From 1 to { $limit } days, none before the one in front of it.
trace-letter = The letter about a trace request cannot be read: { $what }.
    .hint = The other site may be of another version. Tell its administrator.
