# Private matching of serial numbers.

matching-library-missing = Private matching cannot start here: { $reason }.
    .hint = The temporary folder must allow programs; set TMPDIR to one that does.
matching-input-impossible = That cannot be matched.
    .hint = A make and a wholly read serial number are needed.
matching-scalar-bad = A secret of the matching is damaged.
    .hint = Ask anew.
matching-key-bad = The partner’s key for matching is no key.
    .hint = Ask the partner for its letter again.
matching-element-bad = Number { $position } of what came is no element of the group.
    .hint = The message is damaged or hostile; nothing was answered.
matching-answer-count = { $asked } were asked and { $answered } answered.
    .hint = Nothing of the answer is used; ask anew.
matching-batch-empty = Nothing is asked.
    .hint = Choose at least one firearm.
matching-batch-form = The question is of the form { $form }, which this site does not know.
    .hint = One of the two sites must be renewed.
matching-field-unusable = { $field } cannot be used.
    .hint = Letters, digits and dashes, not too many.
matching-message-malformed = The message of the matching cannot be read.
    .hint = Ask the partner to send it again.
matching-set-malformed = The partner’s set cannot be read.
    .hint = Fetch it again.
matching-set-form = The partner’s set is of the form { $form }, which this site does not know.
    .hint = One of the two sites must be renewed.
matching-set-damaged = The partner’s set was changed on the way.
    .hint = Its digest does not fit; fetch it again.
matching-batch-large = { $given } at once; { $limit } is the limit.
    .hint = Ask in parts.
matching-set-large = A set of { $given } entries; { $limit } is the limit.
    .hint = Divide the register.
matching-proof-wrong = The answer was not made with the key { $key_id }: its proof does not hold.
    .hint = Nothing of it is used. Speak with the partner by another way.
matching-key-other = The question is for the key { $asked }; this register has { $held }.
    .hint = Fetch the register’s set again, and ask anew.
matching-quota-day = { $asked } asked, { $left } left today of { $limit }.
    .hint = More from { $opens_at } on.
matching-quota-case = { $asked } asked, { $left } left for this case of { $limit }.
    .hint = More from { $opens_at } on.
matching-quota-never = { $asked } at once can never be asked; { $limit } is the limit.
    .hint = Ask in parts.

# Offers of registers, batches of questions and what became of them.
matching-changed = Somebody changed this offer (version { $version }) while you looked at it.
    .hint = Load the page again, look, and decide again.
matching-offer-none = There is no such offer.
    .hint = Choose it in the list.
matching-offer-building = The set of “{ $register }” for this partner is still being made.
    .hint = Wait until its letter is out.
matching-offer-not-ready = The set of { $partner } is not here yet.
    .hint = It is fetched by itself; where there is no connection, have its file brought.
matching-offer-over = “{ $register }” can no longer be asked about under this offer.
    .hint = A newer one stands in the list, or its owner took it back.
matching-offer-known = That set was offered before ({ $digest }…).
    .hint = Ask the partner to offer the register anew.
matching-offers-many = A partner can have { $limit } offers standing here.
    .hint = Let it withdraw those that are of no more use.
matching-quota-impossible = A quota of { $given } cannot be: 1 to { $limit }.
    .hint = Choose a number between the two.
matching-release-kept = The register’s own rules keep it from this partner: { $why ->
        [stopped] its originator stopped all onward use
        [red] it is TLP:RED
        [not_named] the partner is not named in them
        [purpose] not for this purpose
        [onward] it is not ours to pass on
        [review_due] their review is overdue
       *[other] { $why }
    }.
    .hint = Its originator decides; nothing was answered.
matching-register-gone = The register “{ $register }” was withdrawn meanwhile.
    .hint = Offer one that stands.
matching-register-empty = “{ $register }” has no entry with a known make and a wholly read serial number.
    .hint = Take the register in again with its makes.
matching-register-unknown = The partner does not offer you such a register.
    .hint = Look at the list of its offers.
matching-build-fault = The set could not be made ({ $reason }).
    .hint = The node’s log says more. Offer the register again.
matching-letter-refused = The other site does not take the letter ({ $reason }).
    .hint = Speak with its administrator; then the letter can be sent again.
matching-owner-unable = The other site cannot answer; the fault is on its side.
    .hint = Tell its administrator, and ask again.
matching-refused-otherwise = The other site says no for a reason that this version does not know ({ $code }).
    .hint = One of the two sites must be renewed.
matching-query-none = There is no such batch of questions.
    .hint = Choose it in the list.
matching-query-unknown = This site did not ask that.
    .hint = Nothing of the answer is used.
matching-query-twice = Another batch has that id already.
    .hint = Ask anew.
matching-not-answered = { $partner } has not answered this batch.
    .hint = Its answer comes by itself.
matching-nothing-to-open = None of the { $asked } hit: there is nothing to open.
    .hint = Ask another partner.
matching-pending-gone = What was kept of this batch is erased after { $days } days.
    .hint = Ask anew.
matching-set-none = There is no such set here.
    .hint = It may have been replaced, or the exchange was cut. Ask the partner for its newest offer.
matching-set-unasked = No signed letter names this set ({ $digest }…).
    .hint = First its letter must be here, by connection or by file.
matching-set-other = This is not the set that the partner signed: another { $field }.
    .hint = It is not used. Fetch it again, or speak with the partner by another way.
matching-set-long = More came than the { $limit } bytes of the set.
    .hint = Check the address. It is tried again by itself.
matching-door-full = Too many ask for sets at once.
    .hint = Again in { $retry_after_s } s.
matching-side = “{ $given }” is no side.
    .hint = There are: { $known }.
matching-not-askable-serial_none = No serial number stands there.
matching-not-askable-serial_unread = Its serial number is not wholly read.
matching-not-askable-make_none = No make stands there.
matching-not-askable-make_unknown = Its make is not recognised.
