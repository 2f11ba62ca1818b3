# Calls, missed calls and texts.
call-none = There is no such call.
    .hint = Look at the list of calls; it may belong to another site.
call-taken = { $by } has taken call { NUMBER($number, useGrouping: 0) }.
    .hint = Take the next one; what you know about this one, tell { $by }.
call-over = { $state ->
        [abandoned] Call { NUMBER($number, useGrouping: 0) } stopped ringing before it was answered.
       *[other] Call { NUMBER($number, useGrouping: 0) } has ended.
    }
    .hint = { $state ->
        [abandoned] Call the person back, if there is a number.
       *[other] If the person calls again, take the new call.
    }
call-not-ringing = Call { NUMBER($number, useGrouping: 0) } no longer rings.
    .hint = Look at its row: somebody has taken it, or it is over.
call-not-answered = Nobody is on the line in call { NUMBER($number, useGrouping: 0) }.
    .hint = { $state ->
        [offered] Answer it first.
       *[other] It is over; nothing needs to be done.
    }
text-waits = Call { NUMBER($number, useGrouping: 0) } is a written message: it does not stop ringing.
    .hint = Answer it, and end it when you have dealt with it.
call-joined = Call { NUMBER($number, useGrouping: 0) } is joined to an incident already.
    .hint = Unjoin it there before you join it to another one.
call-not-joined = Call { NUMBER($number, useGrouping: 0) } is joined to no incident.
    .hint = Nothing needs to be undone.
callback-none = No call-back is owed for call { NUMBER($number, useGrouping: 0) }.
    .hint = Only missed calls with a number are called back.
callback-settled = The call-back of call { NUMBER($number, useGrouping: 0) } is settled already.
    .hint = If you called again, add what was said to the call's words.
words-full = Call { NUMBER($number, useGrouping: 0) } holds { $limit } texts already.
    .hint = Write the rest as a note of the incident.
number-unreadable = That is not a telephone number.
    .hint = Write { $least } to { $limit } digits, with + in front of a country's code.
channel-not-text = “{ $given }” is not a channel for written messages.
    .hint = Choose sms or web.
offered-ahead = The time at which the call rang has not come yet.
    .hint = Check the time and its offset from UTC.
field-not-sealed = A call has no sealed “{ $field }”.
    .hint = Ask for number or name.

# Promises.
promise-none = There is no such promise.
    .hint = Look at the list of promises.
promise-settled = { $outcome ->
        [kept] This promise is settled already: it was kept.
        [released] This promise is settled already: the person released us from it.
       *[broken] This promise is settled already: it was not kept.
    }
    .hint = If something is owed again, make a new promise.
promise-to-nobody = A promise needs a call or an incident.
    .hint = Say to whom it was made, or about what.
due-twice = The time by which it is due was given twice.
    .hint = Give due_in_s or due_at, not both.
due-impossible = A promise is due later than now, and within { $days } days.
    .hint = Choose a time between now and { $days } days.
