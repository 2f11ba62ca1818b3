# Mesaj ak chanèl.
message-none = Pa gen mesaj konsa.
    .hint = Gade nan lis mesaj yo; yon ekip wè pa l sèlman.
message-empty = Mesaj la vid.
    .hint = Ekri kichòy, oswa chwazi yon modèl.
message-twice = Ou bay ni mo ni modèl.
    .hint = Voye youn sèlman; voye lòt la apre.
message-role = Ou pa ka voye mesaj bay wòl « { $given } ».
    .hint = Chwazi repondè, regilatè, chèf sal oswa ekip sou teren.
message-parties = Mesaj la t ap pou { $given } moun ak inite; se { $limit } ki ka antre.
    .hint = Voye l sou yon chanèl ki pi piti.
message-filters = Plis pase yon filt.
    .hint = Bay youn sèlman: chanèl, wòl, inite, kont, ensidan oswa fil.
message-not-addressed = Mesaj sa a pa t pou { $who }.
    .hint = Se moun li te voye ba yo ki reponn; ekri yon lòt mesaj.
message-answered = { $who } deja reponn: { $step ->
    [cannot_comply] pa kapab
   *[other] fèt
}.
    .hint = Voye yon nouvo mesaj si sa chanje.
receipt-time = Lè sa a pa posib: anvan mesaj la voye, oswa pi devan kounye a.
    .hint = Bay lè ou te tande l la.
receipt-before = { $who } te deja pi lwen anvan lè sa a.
    .hint = Gade lè etap anvan yo epi bay yon lè ki vin apre.
receipt-source = Yon lòt moun antre sa; li pa otomatik.
    .hint = Retire « source », oswa mete « manual ».
template-argument = « { $name } » manke, li pa bon, oswa modèl la pa mande l.
    .hint = Ranpli tou sa modèl la mande: minit se 1 rive 1440, ensidan se yon nimewo.
channel-none = Pa gen chanèl « { $id } ».
    .hint = Gade nan lis chanèl yo.
channel-closed = Chanèl sa a fèmen.
    .hint = Voye sou yon lòt chanèl, oswa mande chèf sal la louvri youn.
channel-standing = Chanèl « { $code } » toujou la; li pa fèmen.
    .hint = Se chanèl yon moun louvri ki ka fèmen.
vocabulary-blanks = « { $term } » nan tab « { $table } » nan { $file }: chak lang dwe mande menm bagay yo, epi se { $blanks } sèlman.
    .hint = Mete menm non yo ant akolad nan kat tèks yo.
