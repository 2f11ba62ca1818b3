# Konparezon prive nimewo seri.

matching-library-missing = Konparezon an prive pa ka kòmanse: { $reason }.
    .hint = Fòk dosye tanporè a kite pwogram kouri; regle TMPDIR.
matching-input-impossible = Nou pa ka konpare sa.
    .hint = Fòk gen mak ak yon nimewo ki li nèt.
matching-scalar-bad = Yon sekrè konparezon an gate.
    .hint = Mande ankò.
matching-key-bad = Kle konparezon patnè a pa yon kle.
    .hint = Mande patnè a lèt la ankò.
matching-element-bad = Eleman { $position } ki vini an pa nan gwoup la.
    .hint = Mesaj la gate oswa li gen move lide; nou pa reponn anyen.
matching-answer-count = Nou mande { $asked }, yo reponn { $answered }.
    .hint = Nou pa sèvi ak repons lan; mande ankò.
matching-batch-empty = Pa gen anyen nou mande.
    .hint = Chwazi omwen yon zam.
matching-batch-form = Kesyon an gen fòm { $form }, sit sa a pa konnen l.
    .hint = Fòk yon nan de sit yo mete ajou.
matching-field-unusable = Nou pa ka sèvi ak { $field }.
    .hint = Lèt, chif ak tirè, pa twòp.
matching-message-malformed = Nou pa ka li mesaj konparezon an.
    .hint = Mande patnè a voye l ankò.
matching-set-malformed = Nou pa ka li lis patnè a.
    .hint = Chache l ankò.
matching-set-form = Lis la gen fòm { $form }, sit sa a pa konnen l.
    .hint = Fòk yon nan de sit yo mete ajou.
matching-set-damaged = Lis la chanje nan wout.
    .hint = Anprent li pa koresponn; chache l ankò.
matching-batch-large = { $given } yon sèl kou; limit la se { $limit }.
    .hint = Mande pa moso.
matching-set-large = Yon lis { $given } liy; limit la se { $limit }.
    .hint = Divize rejis la.
matching-proof-wrong = Repons lan pa fèt ak kle { $key_id }: prèv li pa kanpe.
    .hint = Nou pa sèvi ak li. Pale ak patnè a yon lòt jan.
matching-key-other = Kesyon an pou kle { $asked }; rejis sa a gen { $held }.
    .hint = Chache lis rejis la ankò, epi mande ankò.
matching-quota-day = Ou mande { $asked }, rete { $left } jodi a sou { $limit }.
    .hint = Gen plis apati { $opens_at }.
matching-quota-case = Ou mande { $asked }, rete { $left } pou dosye sa a sou { $limit }.
    .hint = Gen plis apati { $opens_at }.
matching-quota-never = Moun pa janm ka mande { $asked } yon sèl kou; limit la se { $limit }.
    .hint = Mande pa moso.

# Rejis yo ofri, pake kesyon yo, ak sa ki rive yo.
matching-changed = Yon moun chanje òf sa a (vèsyon { $version }) pandan w t ap gade l.
    .hint = Rechaje paj la, gade, epi deside ankò.
matching-offer-none = Òf sa a pa egziste.
    .hint = Chwazi l nan lis la.
matching-offer-building = N ap prepare lis « { $register } » pou patnè sa a toujou.
    .hint = Tann lèt la pati.
matching-offer-not-ready = Lis { $partner } a poko rive.
    .hint = N ap chache l poukont nou; si pa gen lyen, fè yo pote fichye a.
matching-offer-over = Ou pa ka mande sou « { $register } » ak òf sa a ankò.
    .hint = Gen yon pi nouvo nan lis la, oswa mèt li reprann li.
matching-offer-known = Yo te ofri lis sa a deja ({ $digest }…).
    .hint = Mande patnè a pou l ofri rejis la ankò.
matching-offers-many = Yon patnè ka gen { $limit } òf isit la pou pi plis.
    .hint = Se pou l retire sa ki pa sèvi ankò.
matching-quota-impossible = { $given } pa ka yon limit: 1 rive { $limit }.
    .hint = Chwazi yon chif ant de yo.
matching-release-kept = Règ rejis la pa kite l al jwenn patnè sa a: { $why ->
        [stopped] moun ki bay li a kanpe tout itilizasyon
        [red] li TLP:RED
        [not_named] yo pa nonmen patnè a
        [purpose] se pa pou rezon sa a
        [onward] se pa nou ki pou pase l
        [review_due] yo an reta pou yo revize yo
       *[other] { $why }
    }.
    .hint = Se moun ki bay rejis la ki deside; nou pa reponn anyen.
matching-register-gone = Yo retire rejis « { $register } » nan mitan tan.
    .hint = Ofri youn ki kanpe.
matching-register-empty = « { $register } » pa gen okenn liy ki gen mak nou konnen ak nimewo ki li nèt.
    .hint = Antre rejis la ankò ak mak yo.
matching-register-unknown = Patnè a pa ofri w rejis sa a.
    .hint = Gade lis òf li yo.
matching-build-fault = Nou pa t ka prepare lis la ({ $reason }).
    .hint = Jounal teknik sit la di plis. Ofri rejis la ankò.
matching-letter-refused = Lòt sit la pa pran lèt la ({ $reason }).
    .hint = Pale ak administratè l; apre sa lèt la ka pati ankò.
matching-owner-unable = Lòt sit la pa ka reponn; fòt la lakay li.
    .hint = Di administratè l sa, epi mande ankò.
matching-refused-otherwise = Lòt sit la di non pou yon rezon vèsyon sa a pa konnen ({ $code }).
    .hint = Fòk yon nan de sit yo mete ajou.
matching-query-none = Pake kesyon sa a pa egziste.
    .hint = Chwazi l nan lis la.
matching-query-unknown = Sit sa a pa t mande sa.
    .hint = Nou pa sèvi ak repons lan.
matching-query-twice = Yon lòt pake gen nimewo sa a deja.
    .hint = Mande ankò.
matching-not-answered = { $partner } poko reponn pake sa a.
    .hint = Repons lan ap vini poukont li.
matching-nothing-to-open = Pa gen youn nan { $asked } yo ki ladan l: pa gen anyen pou louvri.
    .hint = Mande yon lòt patnè.
matching-pending-gone = Sa nou te kenbe pou pake sa a efase apre { $days } jou.
    .hint = Mande ankò.
matching-set-none = Lis sa a pa isit la.
    .hint = Yo ka ranplase l, oswa echanj la koupe. Mande patnè a dènye òf li.
matching-set-unasked = Pa gen lèt siyen ki pale de lis sa a ({ $digest }…).
    .hint = Fòk lèt li rive anvan, pa lyen oswa nan fichye.
matching-set-other = Sa a se pa lis patnè a te siyen an: { $field } la pa menm.
    .hint = Nou pa sèvi ak li. Chache l ankò, oswa pale ak patnè a yon lòt jan.
matching-set-long = Gen plis oktè ki vini pase { $limit } lis la genyen.
    .hint = Verifye adrès la. N ap eseye ankò poukont nou.
matching-door-full = Twòp moun ap mande lis yon sèl kou.
    .hint = Ankò nan { $retry_after_s } s.
matching-side = « { $given } » se pa yon bò.
    .hint = Men sa ki genyen: { $known }.
matching-not-askable-serial_none = Pa gen nimewo seri ki ekri.
matching-not-askable-serial_unread = Nimewo seri a pa li nèt.
matching-not-askable-make_none = Pa gen mak ki ekri.
matching-not-askable-make_unknown = Nou pa rekonèt mak la.
