# Kat kesyon, apèl ki kenbe.

call-claimed = { $by } ap pran apèl { NUMBER($number, useGrouping: 0) }.
    .hint = Pran pwochen an. Si li pa pran l nan 10 segonn, ou ka pran l.
answers-full = Apèl { NUMBER($number, useGrouping: 0) } gen { NUMBER($limit) } repons deja.
    .hint = Ekri rès la nan mo moun nan oswa nan yon nòt.
card-unknown = Pa gen kat kesyon ki rele { $card }.
    .hint = Rechaje paj la: kat yo ka chanje.
card-question-unknown = Kat { $card } pa gen kesyon { $question }.
    .hint = Rechaje paj la: kat yo ka chanje.
card-rule-unknown = Kat { $card } pa gen règ { $rule }.
    .hint = Rechaje paj la, epi aksepte pwopozisyon an ankò.
card-answer-unknown = Kesyon { $question } pa pran repons { $given }.
    .hint = Repons li pran yo: { $known }.
card-answer-count = Kesyon { $question } vle yon chif.
    .hint = Bay yon chif ant 0 ak { NUMBER($limit, useGrouping: 0) }, oswa di ou pa konnen.
card-wrong = Kat nan { $file } a pa bon: { $reason }.
    .hint = Korije fichye a, epi relanse Lanbi. Gade gid la: docs/guides/cards.md.
card-unreadable = Nou pa ka li kat { $file }: { $reason }.
    .hint = Fichye a dwe TOML an UTF-8.
card-too-large = Kat { $file } twò gwo.
    .hint = Yon kat pa dwe depase { NUMBER($limit) } oktè.
card-too-many = Gen twòp kat.
    .hint = Kite { NUMBER($limit) } kat oswa mwens.
