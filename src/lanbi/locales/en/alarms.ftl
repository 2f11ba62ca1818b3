# Alarms: what time does not let us forget.
alarm-none = There is no such alarm.
    .hint = Look at the list of alarms (Shift+W).
alarm-taken = { $by } has taken this alarm already.
    .hint = See what is being done; take another one.
alarm-over = What raised this alarm is over: there is nothing to put aside.
    .hint = Take it, and it leaves the list.
alarm-not-shelved = This alarm is not put aside.
    .hint = Its time may be up; look at the list of alarms.
alarm-emergency = An emergency cannot be put aside.
    .hint = Take it, and see to what is happening.
shelf-impossible = An alarm of this kind cannot be put aside for { $given } minutes.
    .hint = Give a number of minutes from 1 to { $limit }.
alarms-too-many = At most { $limit } alarms are taken at once; you gave { $given }.
    .hint = Take them in two goes.
