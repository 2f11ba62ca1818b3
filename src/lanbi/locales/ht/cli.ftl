cli-demo-preparing = N ap jwe sware a davans…
cli-serving = Lanbi sou { $address }
    Done yo nan { $data }; rejis la siyen ak kle { $key }.
cli-demo-note = SENTETIK: pa gen okenn moun reyèl nan sware sa a. Yon sèl klik anwo a louvri sesyon an.
cli-stop-note = Ctrl-C kanpe nòd la.
cli-password = Modpas:
cli-account-made = Kont { $login } ({ $role }) pare.
cli-verifying = Verifikasyon
cli-verify-holds = Rejis la kenbe: { $entries } antre, { $checkpoints } pwen kontwòl, { $sealed } valè sele, { $erased } ladan yo efase; { $unsigned } antre apre dènye pwen kontwòl la; { $seconds } s.
    Rasin { $root }
cli-verify-broken = REJIS LA PA KENBE. { $entries } antre li, { $checkpoints } pwen kontwòl, { $seconds } s.
cli-backing-up = Kopi
cli-backed-up = { $file }: { $entries } antre, kopye epi verifye.
    Rasin { $root }
cli-restoring = N ap verifye kopi a
cli-restored = { $data } pare ak { $entries } antre. Demare l ak lanbi serve.
cli-importing-places = { $file }
cli-places-imported = { $added } kote ajoute, { $changed } chanje, { $unchanged } jan yo te ye, { $refused } refize.
cli-importing-map = { $file }
cli-map-imported = { $file }: { $features } eleman, { $bytes } oktè. Redemare nòd la pou w wè l.
cli-importing-calls = { $file }
cli-calls-imported = { $rows } liy: { $calls } apèl antre, { $repeated } te la deja, { $unplaced } san kote, { $refused } refize; { $seconds } s.
cli-bad-row = liy { $line }: { $reason }
cli-file-none = Pa gen fichye { $file }.
    .hint = Gade chemen an byen.
cli-tls-missing = Sou { $host }, lòt moun sou rezo a ta ka li ak chanje tout bagay.
    .hint = Bay --tls-certificate ak --tls-key, oswa koute sou 127.0.0.1 dèyè yon pwoksi.
cli-port-taken = Pò { $port } okipe.
    .hint = Chwazi yon lòt ak --port (make demo PORT=8099).
store-none = Pa gen depo done nan { $file }.
    .hint = Gade --data; ak PostgreSQL sèvi ak pg_dump.
backup-exists = { $file } la deja.
    .hint = Chwazi yon lòt non; yon kopi pa janm efase yon lòt.
backup-broken = { $file } pa kenbe nan antre { $entry }.
    .hint = Pase lanbi verify sou li, epi fè yon lòt kopi.
restore-occupied = { $folder } gen yon depo oswa yon kle deja.
    .hint = Remete nan yon dosye vid, apre sa chanje youn pou lòt.
cli-verify-first = Premye bagay ki pa kenbe a:
cli-verify-also = Gen { $count } lòt bagay ki suiv; anpil ka soti nan premye a:
cli-held-unreadable = { $file } se pa yon pwen kontwòl.
    .hint = Bay yon fichye jan lanbi checkpoint ekri l, oswa GWOSÈ:RASIN.
cli-telling-world = N ap rakonte yon mond SYNTHETIC
cli-world-told = SYNTHETIC: { $recoveries } sezi ak { $firearms } zam, { $sales } vant yo jwenn, { $consignments } chajman.
    Sa nou kache ladan l nan { $file }, apa ak baz la.
cli-world-scored = Rezo nou jwenn: { $found } %; presizyon pè yo { $precision }, rapèl { $recall }; { $false } fo gwoup pou 1 000 zam inosan; { $clusters } gwoup.
cli-world-channel =   { $channel }: { $found } sou { $planted }
cli-ttc-all = tout
cli-ttc-group = gwoup
cli-ttc-n = ki gen dat
cli-ttc-censored = sansire
cli-ttc-excluded = san dat
cli-ttc-year-1 = ≤ 1 an
cli-ttc-year-3 = ≤ 3 an
cli-ttc-median = medyàn
cli-ttc-shape = k
cli-ttc-scale = λ
cli-ttc-untimed = san dat, { $reason }: { $count }
