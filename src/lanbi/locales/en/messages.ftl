# Messages and channels.
message-none = There is no such message.
    .hint = Look in the list of messages; a crew sees only its own.
message-empty = The message is empty.
    .hint = Write something, or choose a template.
message-twice = You give both words and a template.
    .hint = Send only one; send the other afterwards.
message-role = No message can go to the role “{ $given }”.
    .hint = Choose call taker, dispatcher, watch commander or field unit.
message-parties = The message would go to { $given } people and units; { $limit } at most.
    .hint = Send it on a smaller channel.
message-filters = More than one filter.
    .hint = Give only one: channel, role, unit, account, incident or thread.
message-not-addressed = This message was not for { $who }.
    .hint = Those it was sent to answer it; write another message.
message-answered = { $who } has answered already: { $step ->
    [cannot_comply] cannot comply
   *[other] done
}.
    .hint = Send a new message if that has changed.
receipt-time = That time is not possible: before the message was sent, or still to come.
    .hint = Give the time at which you heard it.
receipt-before = { $who } was further already before that time.
    .hint = Look at the times of the steps before and give a later one.
receipt-source = Somebody else enters this; it is not automatic.
    .hint = Leave “source” out, or say “manual”.
template-argument = “{ $name }” is missing, unusable, or not asked for by the template.
    .hint = Fill in all that the template asks for: minutes are 1 to 1440, an incident is its number.
channel-none = There is no channel “{ $id }”.
    .hint = Look in the list of channels.
channel-closed = This channel is closed.
    .hint = Write on another one, or ask the watch commander to open one.
channel-standing = The channel “{ $code }” always stands; it is not closed.
    .hint = Only channels that somebody opened can be closed.
vocabulary-blanks = “{ $term }” in table “{ $table }” of { $file }: every language must ask for the same, and only for { $blanks }.
    .hint = Put the same names in braces in all four texts.
