# Antre apèl yon lòt sant: fichye a, liy pa liy.
csv-line-long = Liy lan gen plis pase { $limit } oktè.
    .hint = Gade l nan yon editè tèks; petèt fichye a pa gen fen liy.
csv-quote-stray = Gen yon gimè nan mitan yon chan.
    .hint = Andedan yon chan ki gen gimè, ekri chak gimè de fwa.
csv-quote-open = Gen yon gimè ki louvri isit la epi ki pa fèmen.
    .hint = Fèmen l oswa retire l; nou kontinye li nan pwochen liy lan.
csv-nul = Liy lan gen yon karaktè nou pa ka kenbe (NUL).
    .hint = Retire l; petèt fichye a gate sou wout.
csv-undecodable = Liy lan gen lèt ki pa mache ak ankodaj fichye a.
    .hint = Mete bon « encoding » an nan modèl la (utf-8, cp1252, latin-1), oswa sove fichye a an UTF-8.
csv-columns = Liy lan gen { $given } kolòn olye { $expected }.
    .hint = Mete gimè sou chan ki gen separatè a ladan yo; si dènye liy lan koupe, fichye a pa konplè.
csv-time = « { $given } » se pa yon lè jan modèl la mande l.
    .hint = Korije liy lan, oswa ajoute fòm sa a anba « time » nan modèl la.
csv-coordinate = « { $given } » se pa yon kowòdone an degre.
    .hint = Ekri l konsa: 18.5392 oswa -72.3364.

# Tout fichye a.
csv-header = Fichye a manke kolòn sa yo, oswa li gen yo de fwa: { $missing }. Men sa l genyen: { $found }
    .hint = Ak --as, chwazi modèl ki fèt pou fichye sa a; si li pa gen antèt, ekri non kolòn yo nan modèl la.
csv-empty = Fichye a vid.
    .hint = Ekspòte l ankò.
csv-utf16 = { $file } an UTF-16.
    .hint = Sove l kòm « CSV UTF-8 » epi antre l ankò.
csv-file-large = { $file } gen plis pase { $limit } oktè.
    .hint = Separe l, pa ane pa egzanp; chak moso ap antre poukont li.
csv-file-unreadable = Nou pa ka li { $file }: { $reason }
    .hint = Gade chemen an, kilès ki gen dwa li l, ak disk la.
csv-zip-broken = Fichye zip { $file } a gate: { $reason }
    .hint = Pran l ankò kote l soti a; anyen pa antre.
csv-zip-members = Fichye zip { $file } a gen { $found } fichye ladan l olye yon sèl.
    .hint = Dekonprese l epi antre CSV ou bezwen an.
csv-zip-locked = Fichye zip { $file } a mande yon modpas.
    .hint = Dekonprese l epi antre CSV a.
csv-zip-bomb = Fichye zip { $file } a di l ap bay { $given } oktè; sa pa ka yon lis apèl.
    .hint = Si ou fè l konfyans, dekonprese l epi antre CSV a.

# Travay la.
import-speed = Vitès { $given } pa posib.
    .hint = 1 se vitès reyèl la, 60 se yon minit chak segonn, 0 se san tann; { $limit } pou pi plis.
import-limit = Yon limit { $given } liy pa posib.
    .hint = Mete 1 oswa plis, oswa pa mete anyen.
import-rows = Fichye a gen plis pase { $limit } liy; sa ki te anvan yo antre.
    .hint = Separe l, pa ane pa egzanp; sa ki deja antre pa p antre de fwa.
import-elsewhere = Depo sa a ap travay pou { $present }; fichye a soti { $wanted }.
    .hint = Chwazi yon nouvo dosye ak --data.
import-stopped = Nou kanpe apre liy { $line }: { $rows } liy, { $calls } apèl antre, { $repeated } te la deja, { $refused } refize.
    .hint = Bay menm kòmand lan ankò; l ap kontinye kote l te ye a.

# Modèl la: sa chak kolòn vle di.
mapping-none = Pa gen modèl « { $given } ».
    .hint = Sa ki vini ak Lanbi: { $shipped }. Oswa bay chemen pwòp fichye TOML ou.
mapping-too-large = Modèl { $file } a gen plis pase { $limit } oktè.
    .hint = Yon modèl se yon paj tèks; gade chemen an byen.
mapping-unreadable = Modèl { $file } a se pa TOML: { $reason }
    .hint = Korije liy sa a; docs/adapters/cad_csv.md montre fòm nan.
mapping-field = Nou pa ka sèvi ak modèl { $file } a: { $reason }
    .hint = Korije chan sa a; docs/adapters/cad_csv.md esplike chak chan.
mapping-zone = Modèl { $file } a bay fizo orè « { $given } », nou pa konnen l isit la.
    .hint = Ekri yon non tankou America/Port-au-Prince; si sistèm nan pa gen fizo, enstale pakè tzdata.
mapping-place = Modèl { $file } a pa di nan ki kolòn kote a ye.
    .hint = Bay « lat » ak « lon », oswa kolòn « words », oswa tout.
mapping-bounds = Limit ki nan modèl { $file } a tèt anba.
    .hint = Lwès dwe pi piti pase lès, sid pi piti pase nò.
mapping-rules = Modèl { $file } a gen plis pase { $limit } règ.
    .hint = Yon prefiks oswa yon motif kouvri anpil mo alafwa.
mapping-pattern-long = Gen yon motif nan modèl { $file } a ki gen plis pase { $limit } karaktè.
    .hint = Fè plizyè ladan l.
mapping-pattern = Motif « { $given } » nan modèl { $file } a se pa yon ekspresyon regilyè: { $reason }
    .hint = Nan TOML, ekri motif yo ant gimè senp.
