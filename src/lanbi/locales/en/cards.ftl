# Question cards, claimed calls.

call-claimed = { $by } is taking call { NUMBER($number, useGrouping: 0) }.
    .hint = Take the next one. If it is not taken within 10 seconds, you may take it.
answers-full = Call { NUMBER($number, useGrouping: 0) } has { NUMBER($limit) } answers already.
    .hint = Write the rest in the caller’s words or in a note.
card-unknown = There is no card “{ $card }”.
    .hint = Reload the page: the cards may have changed.
card-question-unknown = Card “{ $card }” has no question “{ $question }”.
    .hint = Reload the page: the cards may have changed.
card-rule-unknown = Card “{ $card }” has no rule “{ $rule }”.
    .hint = Reload the page, then accept the proposal again.
card-answer-unknown = Question “{ $question }” does not take “{ $given }”.
    .hint = It takes: { $known }.
card-answer-count = Question “{ $question }” wants a number.
    .hint = Give one from 0 to { NUMBER($limit, useGrouping: 0) }, or unknown.
card-wrong = The card in { $file } is wrong: { $reason }.
    .hint = Correct the file and start Lanbi again. See docs/guides/cards.md.
card-unreadable = The card in { $file } cannot be read: { $reason }.
    .hint = The file must be TOML in UTF-8.
card-too-large = The card in { $file } is too large.
    .hint = A card has at most { NUMBER($limit) } bytes.
card-too-many = There are too many cards.
    .hint = Keep { NUMBER($limit) } at most.
