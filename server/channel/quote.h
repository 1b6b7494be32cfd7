/* Where the quoted history of a mail begins, so that a screen can fold it. */
#pragma once

/* The byte offset in the text, or -1: nothing is quoted, or something new stands below it, or nothing above. Knows the
 * lines with which mail programs introduce a quotation in English, Japanese, German, French, Spanish, Italian, Dutch,
 * Portuguese and Chinese. */
long quote_find(const char *text);
