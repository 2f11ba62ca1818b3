# Alam: sa tan an pa kite nou bliye.
alarm-none = Alam sa a pa egziste.
    .hint = Gade lis alam yo (Shift+W).
alarm-taken = { $by } gentan pran alam sa a.
    .hint = Gade sa l ap fè; pran yon lòt.
alarm-over = Sa k te bay alam sa a fini: pa gen anyen pou mete sou kote.
    .hint = Pran l, epi l ap soti nan lis la.
alarm-not-shelved = Alam sa a pa sou kote.
    .hint = Petèt tan an fini; gade lis alam yo.
alarm-emergency = Yon ijans pa ka mete sou kote.
    .hint = Pran l, epi regle sa k ap pase a.
shelf-impossible = Yon alam konsa pa ka rete { $given } minit sou kote.
    .hint = Bay yon chif ant 1 ak { $limit } minit.
alarms-too-many = Ou ka pran { $limit } alam pou pi plis alafwa; ou bay { $given }.
    .hint = Pran yo an de fwa.
