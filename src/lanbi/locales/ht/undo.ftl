# Defèt sa yon moun sot fè.
undo-late = Gen plis pase { $seconds } segonn: li twò ta pou defèt li.
    .hint = Fè kontrè a kounye a; tou de ap rete nan jounal la.
undo-not-yours = Se { $by } ki te fè sa; se li sèl ki ka defèt li.
    .hint = Rele l, oswa fè kontrè a ak yon kòmand.
undo-overtaken = Gen yon lòt bagay ki fèt depi lè sa a; nou pa defèt anyen.
    .hint = Gade kijan l ye kounye a, epi chanje l a men.
undo-nothing = Pa gen anyen pou defèt la.
    .hint = Chanje l a men; ansyen valè a nan jounal la.
note-none = Ensidan { NUMBER($number, useGrouping: 0) } pa gen nòt sa a.
    .hint = Gade jounal ensidan an; chak nòt gen nimewo pa l.
note-withdrawn = Nòt sa a retire deja.
    .hint = Ekri yon lòt si gen yon bagay pou di.
