#include "channel/mail_subject.h"

#include "base/mem.h"

#include <string.h>
#include <strings.h>

static const char *const REPLY_MARKS[] = {"Re", "AW",  "SV",   "Antw", "RV",   "RIF",
                                          "TR", "Réf", "返信", "回复", "回覆", "답장"};
static const char *const FORWARD_MARKS[] = {
    "Fwd",  "FW",     "WG",   "TR",   "RV",    "ENC",        "I",          "VS",          "VB",        "VL",
    "PD",   "Doorst", "İLT",  "ILT",  "Prosl", "Továbbítás", "Пер",        "ПЕР",         "Пересл",    "転送",
    "转发", "轉寄",   "轉發", "전달", "ΠΡΘ",   "Redir.",     "Videresend", "Videresendt", "Vidaresänt"};

/* Behind the mark, its number and its colon; NULL: it does not begin with this mark. */
static const char *behind_mark(const char *subject, const char *mark)
{
    size_t n = strlen(mark);
    if (strncasecmp(subject, mark, n) != 0)
        return NULL;
    const char *p = subject + n;
    if (*p == '[' || *p == '(') {
        const char *close = p + 1 + strspn(p + 1, "0123456789");
        p = *close == ']' || *close == ')' ? close + 1 : p;
    }
    p += strspn(p, " ");
    size_t colon = *p == ':' ? 1 : strncmp(p, "：", strlen("：")) == 0 ? strlen("：") : 0;
    return colon ? p + colon : NULL;
}

static const char *behind_any(const char *subject, const char *const *marks, size_t n)
{
    const char *p = NULL;
    for (size_t i = 0; i < n && !p; i++)
        p = behind_mark(subject, marks[i]);
    return p;
}

static const char *skip_spaces(const char *p)
{
    return p + strspn(p, " ");
}

const char *mail_bare_subject(const char *subject)
{
    for (const char *p = subject; p; p = behind_any(subject, REPLY_MARKS, COUNT_OF(REPLY_MARKS)))
        subject = skip_spaces(p);
    return subject;
}

bool mail_subject_answers(const char *subject)
{
    return subject && mail_bare_subject(subject) != skip_spaces(subject);
}

bool mail_subject_forwards(const char *subject)
{
    return subject && behind_any(skip_spaces(subject), FORWARD_MARKS, COUNT_OF(FORWARD_MARKS));
}
