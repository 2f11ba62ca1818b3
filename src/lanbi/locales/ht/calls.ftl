# Apèl, bip ak mesaj ekri.
call-none = Apèl sa a pa egziste.
    .hint = Gade lis apèl yo; li ka nan yon lòt sit.
call-taken = { $by } deja pran apèl { NUMBER($number, useGrouping: 0) }.
    .hint = Pran pwochen apèl la; sa w konnen sou sa a, di { $by } li.
call-over = { $state ->
        [abandoned] Apèl { NUMBER($number, useGrouping: 0) } sispann sonnen anvan yo reponn li.
       *[other] Apèl { NUMBER($number, useGrouping: 0) } fini deja.
    }
    .hint = { $state ->
        [abandoned] Rele moun nan tounen si gen yon nimewo.
       *[other] Si moun nan rele ankò, pran nouvo apèl la.
    }
call-not-ringing = Apèl { NUMBER($number, useGrouping: 0) } pa sonnen ankò.
    .hint = Gade liy li sou ekran an: yon moun pran l, oswa li fini deja.
call-not-answered = Pa gen moun sou liy lan nan apèl { NUMBER($number, useGrouping: 0) }.
    .hint = { $state ->
        [offered] Reponn li anvan.
       *[other] Li fini deja; pa gen anyen pou fè.
    }
text-waits = Apèl { NUMBER($number, useGrouping: 0) } se yon mesaj ekri: li pa sispann sonnen.
    .hint = Reponn li, epi fini l lè w fin okipe l.
call-joined = Apèl { NUMBER($number, useGrouping: 0) } deja sou yon ensidan.
    .hint = Retire l sou ensidan sa a anvan ou mete l sou yon lòt.
call-not-joined = Apèl { NUMBER($number, useGrouping: 0) } pa sou okenn ensidan.
    .hint = Pa gen anyen pou retire.
callback-none = Nou pa dwe rele tounen pou apèl { NUMBER($number, useGrouping: 0) }.
    .hint = Se bip ki gen nimewo sèlman nou rele tounen.
callback-settled = Rapèl pou apèl { NUMBER($number, useGrouping: 0) } deja regle.
    .hint = Si w rele ankò, ajoute sa moun nan di nan mo apèl la.
words-full = Apèl { NUMBER($number, useGrouping: 0) } gen { $limit } tèks deja.
    .hint = Ekri rès la kòm nòt nan ensidan an.
number-unreadable = Sa a pa yon nimewo telefòn.
    .hint = Ekri { $least } rive { $limit } chif, ak + devan kòd yon peyi.
channel-not-text = “{ $given }” pa sèvi pou mesaj ekri.
    .hint = Chwazi sms oswa web.
offered-ahead = Lè w di apèl la te sonnen an poko rive.
    .hint = Verifye lè a, ak diferans li ak lè UTC.
field-not-sealed = Yon apèl pa gen “{ $field }” ki sele.
    .hint = Mande number oswa name.

# Pwomès.
promise-none = Pwomès sa a pa egziste.
    .hint = Gade lis pwomès yo.
promise-settled = { $outcome ->
        [kept] Pwomès sa a deja regle: nou te kenbe l.
        [released] Pwomès sa a deja regle: moun nan te libere nou.
       *[broken] Pwomès sa a deja regle: nou pa t kenbe l.
    }
    .hint = Si nou dwe moun nan yon lòt bagay, fè yon nouvo pwomès.
promise-to-nobody = Yon pwomès bezwen yon apèl oswa yon ensidan.
    .hint = Di ki moun ou fè l, oswa pou ki ensidan.
due-twice = Ou bay delè a de fwa.
    .hint = Bay due_in_s oswa due_at, pa toulède.
due-impossible = Delè yon pwomès dwe vin apre kounye a, nan { $days } jou omaksimòm.
    .hint = Chwazi yon lè ant kounye a ak { $days } jou.
