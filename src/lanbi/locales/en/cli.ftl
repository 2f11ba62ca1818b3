cli-demo-preparing = Playing the evening ahead…
cli-serving = Lanbi is at { $address }
    Data in { $data }; the record is signed with key { $key }.
cli-demo-note = SYNTHETIC: nobody in this evening exists. One click above signs you in.
cli-stop-note = Ctrl-C stops the node.
cli-password = Password:
cli-account-made = Account { $login } ({ $role }) is ready.
cli-verifying = Verifying
cli-verify-holds = The record holds: { $entries } entries, { $checkpoints } checkpoints, { $sealed } sealed values, { $erased } of them erased; { $unsigned } entries after the last checkpoint; { $seconds } s.
    Root { $root }
cli-verify-broken = THE RECORD DOES NOT HOLD. { $entries } entries read, { $checkpoints } checkpoints, { $seconds } s.
cli-backing-up = Copying
cli-backed-up = { $file }: { $entries } entries, copied and verified.
    Root { $root }
cli-restoring = Verifying the backup
cli-restored = { $data } is ready with { $entries } entries. Start it with lanbi serve.
cli-importing-places = { $file }
cli-places-imported = { $added } places added, { $changed } changed, { $unchanged } as they were, { $refused } refused.
cli-importing-map = { $file }
cli-map-imported = { $file }: { $features } features, { $bytes } bytes. Start the node again to see it.
cli-importing-calls = { $file }
cli-calls-imported = { $rows } rows: { $calls } calls taken in, { $repeated } were there already, { $unplaced } of unknown place, { $refused } refused; { $seconds } s.
cli-bad-row = line { $line }: { $reason }
cli-file-none = There is no file { $file }.
    .hint = Check the path.
cli-tls-missing = On { $host } others on the network could read and change everything.
    .hint = Give --tls-certificate and --tls-key, or listen on 127.0.0.1 behind a proxy.
cli-port-taken = Port { $port } is taken.
    .hint = Choose another one with --port (make demo PORT=8099).
store-none = There is no store at { $file }.
    .hint = Check --data; with PostgreSQL use pg_dump.
backup-exists = { $file } is there already.
    .hint = Choose a new name; a backup is never overwritten.
backup-broken = { $file } does not hold at entry { $entry }.
    .hint = Run lanbi verify on it, and take another backup.
restore-occupied = { $folder } has a store or a key already.
    .hint = Restore into an empty folder, then swap the two.
cli-verify-first = The first that does not hold:
cli-verify-also = { $count } more findings follow; many may come from the first:
cli-held-unreadable = { $file } is not a checkpoint.
    .hint = Give a file as lanbi checkpoint prints it, or SIZE:ROOT.
cli-telling-world = Telling a SYNTHETIC world
cli-world-told = SYNTHETIC: { $recoveries } recoveries with { $firearms } firearms, { $sales } traced sales, { $consignments } consignments.
    What was planted stands in { $file }, apart from the store.
cli-world-scored = Networks found: { $found } % of those planted; pair precision { $precision }, pair recall { $recall }; { $false } false clusters per 1,000 innocent firearms; { $clusters } clusters.
cli-world-channel =   { $channel }: { $found } of { $planted }
cli-ttc-all = all
cli-ttc-group = group
cli-ttc-n = timed
cli-ttc-censored = censored
cli-ttc-excluded = not timed
cli-ttc-year-1 = ≤ 1 year
cli-ttc-year-3 = ≤ 3 years
cli-ttc-median = median
cli-ttc-shape = k
cli-ttc-scale = λ
cli-ttc-untimed = not timed, { $reason }: { $count }
