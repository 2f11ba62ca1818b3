# Importing another centre's calls: the file, row by row.
csv-line-long = The line is longer than { $limit } bytes.
    .hint = Look at it in an editor; line ends may be missing.
csv-quote-stray = A quotation mark stands in the middle of a field.
    .hint = Inside a quoted field, a quotation mark is written twice.
csv-quote-open = A quotation mark is opened here and not closed.
    .hint = Close it, or take it away; reading went on with the next line.
csv-nul = The row holds a character that cannot be kept (NUL).
    .hint = Remove it; the file may have been damaged on its way.
csv-undecodable = The row has letters that do not fit the file's encoding.
    .hint = Set “encoding” in the mapping (utf-8, cp1252, latin-1), or save the file as UTF-8.
csv-columns = The row has { $given } columns instead of { $expected }.
    .hint = Put fields that hold the separator in quotation marks; a last row cut short means an incomplete file.
csv-time = “{ $given }” is not a time in the form that the mapping gives.
    .hint = Correct the row, or add its form under “time” in the mapping.
csv-coordinate = “{ $given }” is not a coordinate in degrees.
    .hint = Write it as 18.5392 or -72.3364.

# The file as a whole.
csv-header = The file lacks these columns, or has them twice: { $missing }. It has: { $found }
    .hint = Choose the mapping made for this file with --as; if it has no header, name its columns in the mapping.
csv-empty = The file is empty.
    .hint = Export it again.
csv-utf16 = { $file } is in UTF-16.
    .hint = Save it as “CSV UTF-8” and import again.
csv-file-large = { $file } is larger than { $limit } bytes.
    .hint = Split it, for instance by year; each part is imported on its own.
csv-file-unreadable = { $file } cannot be read: { $reason }
    .hint = Check the path, who may read it, and the disk.
csv-zip-broken = The zip file { $file } is damaged: { $reason }
    .hint = Fetch it again; nothing was taken in.
csv-zip-members = The zip file { $file } holds { $found } files instead of one.
    .hint = Unpack it and import the CSV that you mean.
csv-zip-locked = The zip file { $file } needs a password.
    .hint = Unpack it and import the CSV.
csv-zip-bomb = The zip file { $file } says that it unpacks to { $given } bytes; that is no list of calls.
    .hint = If you trust it, unpack it and import the CSV.

# The import.
import-speed = The speed { $given } is not possible.
    .hint = 1 is real pace, 60 a minute in a second, 0 flat out; at most { $limit }.
import-limit = A limit of { $given } rows is not possible.
    .hint = Give 1 or more, or leave it out.
import-rows = The file has more than { $limit } rows; those before are in.
    .hint = Split it, for instance by year; what is in already is not taken twice.
import-elsewhere = This store works for { $present }; the file is from { $wanted }.
    .hint = Choose a new folder with --data.
import-stopped = Stopped after line { $line }: { $rows } rows, { $calls } calls taken in, { $repeated } were there already, { $refused } refused.
    .hint = Run the same command again; it goes on from there.

# The mapping.
mapping-none = There is no mapping “{ $given }”.
    .hint = Shipped: { $shipped }. Or give the path of a TOML file of your own.
mapping-too-large = The mapping { $file } is larger than { $limit } bytes.
    .hint = A mapping is a page of text; check the path.
mapping-unreadable = The mapping { $file } is not TOML: { $reason }
    .hint = Correct that line; docs/adapters/cad_csv.md shows the form.
mapping-field = The mapping { $file } cannot be used: { $reason }
    .hint = Correct that field; docs/adapters/cad_csv.md explains each one.
mapping-zone = The mapping { $file } has the time zone “{ $given }”, which is not known here.
    .hint = Use a name such as America/Port-au-Prince; on a system without zones install the package tzdata.
mapping-place = The mapping { $file } does not say where the place stands.
    .hint = Give “lat” and “lon”, or columns of “words”, or all of them.
mapping-bounds = The bounds in the mapping { $file } are the wrong way round.
    .hint = West must be less than east, and south less than north.
mapping-rules = The mapping { $file } has more than { $limit } rules.
    .hint = Prefixes and patterns cover many words at once.
mapping-pattern-long = A pattern in the mapping { $file } is longer than { $limit } characters.
    .hint = Make several of it.
mapping-pattern = The pattern “{ $given }” in the mapping { $file } is no regular expression: { $reason }
    .hint = In TOML, write patterns between single quotation marks.
