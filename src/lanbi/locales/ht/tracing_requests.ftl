# Demann trasaj ant sit ak leta.

trace-none = Demann trasaj sa a pa egziste.
    .hint = Rechaje paj la epi chwazi l nan lis la.
trace-changed = Yon lòt moun chanje { $ref } (vèsyon { $version }).
    .hint = Rechaje, gade, epi deside ankò.
trace-step = { $ref } { $state ->
        [draft] se yon bouyon
        [sent] deja pati
        [acknowledged] yo resevwa l
        [in_progress] y ap chèche
        [more_needed] ap tann plis enfòmasyon
        [answered] jwenn repons
        [refused] yo refize l
       *[lapsed] tan l pase
    }: sa pa ka fèt kounye a.
    .hint = Apre sa: { $next ->
        [approve] yon dezyèm moun apwouve l.
        [send] voye l.
        [edit] chanje l.
        [acknowledge] di nou resevwa l anvan.
        [progress] di gen moun k ap chèche.
        [need_more] di sa ki manke.
        [refuse] refize l, ak yon rezon.
        [answer] reponn li.
        [wait] tann lòt bò a.
        [ask_again] ekri yon nouvo demann.
       *[none] anyen: li fèmen.
    }
trace-second-person = Moun ki ekri { $ref } a pa ka apwouve l tou.
    .hint = Fòk yon dezyèm moun gade sa k ap pati a.
trace-person-needed = Se yon moun ki pou fè sa, pa kle yon machin.
    .hint = Konekte ak pwòp kont ou.
trace-not-as-approved = { $ref } pa menm ak sa yo te apwouve a ankò.
    .hint = Gen yon bagay yo di, reprann oswa chanje depi lè a. Fè yo apwouve l ankò.
trace-not-asked = Nou pa t mande sa ({ $ref }).
    .hint = Fòk yo gade rejis lòt sit la.
trace-open-already = Nou mande { $to } sou zam sa a deja: { $ref }.
    .hint = Tann demann sa a, oswa kite tan l pase.
trace-nothing-travels = Anyen nan { $ref } pa gen dwa ale bay { $to }.
    .hint = Gade apèsi a: deklarasyon yo di kiyès ki ka genyen yo, ak pou ki rezon.
trace-no-firearm = { $ref } se pa yon zam afe.
    .hint = Yon trasaj mande pou yon zam.
trace-to-us = { $to } se sit pa nou an menm.
    .hint = Mande yon lòt leta oswa yon lòt sit.
trace-no-way = Demann pa ka ale bay { $to } pa lèt.
    .hint = Administratè a ajoute patnè a oswa louvri l; oswa chwazi yon lòt chemen epi ekri alamen.
trace-not-over = Tan { $ref } poko fini.
    .hint = Tan l ap pase poukont li jou a.
trace-asks = Plis pase { $limit } pwopriyete yon sèl kou.
    .hint = Mande sa yon trasaj bezwen vre.
trace-asks-nothing = Di sa ki manke.
    .hint = Chwazi pwopriyete, oswa ekri l.
trace-reason-missing = Yon trasaj ki pa jwenn anyen bezwen yon rezon.
    .hint = Chwazi poukisa yo pa jwenn pèsonn.
trace-no-purchaser = Repons pou { $ref } a pa nonmen okenn moun ki achte.
    .hint = Di vant lan ak moun ki achte a anvan, ak dwa pou moun ki mande a; oswa reponn san non.
trace-terms = Jou sa yo pa swiv youn lòt: resevwa, reponn, pase.
    .hint = 1 rive { $limit } jou, youn pa ka vini anvan sa ki devan l.
trace-letter = Nou pa ka li lèt sou demann trasaj la: { $what }.
    .hint = Lòt sit la ka gen yon lòt vèsyon. Di administratè l.
