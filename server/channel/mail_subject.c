#include "channel/mail_subject.h"

#include "base/mem.h"

#include <string.h>
#include <strings.h>

const char *mail_bare_subject(const char *subject)
{
    static const char *const MARKS[] = {"Re", "AW",  "SV",   "Antw", "RV",   "RIF",
                                        "TR", "Réf", "返信", "回复", "回覆", "답장"};
    for (bool found = true; found;) {
        found = false;
        subject += strspn(subject, " ");
        for (size_t i = 0; i < COUNT_OF(MARKS) && !found; i++) {
            size_t n = strlen(MARKS[i]);
            if (strncasecmp(subject, MARKS[i], n) != 0)
                continue;
            const char *p = subject + n;
            if (*p == '[' || *p == '(') {
                const char *close = p + 1 + strspn(p + 1, "0123456789");
                p = *close == ']' || *close == ')' ? close + 1 : p;
            }
            p += strspn(p, " ");
            size_t colon = *p == ':' ? 1 : strncmp(p, "：", strlen("：")) == 0 ? strlen("：") : 0;
            found = colon > 0;
            if (found)
                subject = p + colon;
        }
    }
    return subject;
}

bool mail_subject_answers(const char *subject)
{
    return subject && mail_bare_subject(subject) != subject + strspn(subject, " ");
}
