#include "channel/quote_foot.h"

#include "base/mem.h"
#include "channel/quote_foot_words.h"

#include <glib.h>
#include <string.h>

#define LIST_RULE_MIN 40
#define NOTICE_LINES_MAX 8
#define NOTICE_LOOK_MAX 2000
#define NOTICE_MIN 120
#define SENT_FROM_MAX 80
#define RULES "-_*=~ \"("

static bool is_signature_rule(const struct mail_line *line)
{
    return line->n == 2 && line->at[0] == '-' && line->at[1] == '-';
}

/* A paragraph that firms put below all mails; longer than what people say in such words. */
static bool is_notice(struct mail_line line)
{
    bool secret = false;
    size_t n = 0;
    for (int i = 0; i < NOTICE_LINES_MAX && line.n; i++) {
        struct mail_line head = line;
        head.n = head.n < NOTICE_LOOK_MAX
                     ? head.n
                     : (size_t)(g_utf8_find_prev_char(head.at, head.at + NOTICE_LOOK_MAX) - head.at);
        g_autofree char *text = g_utf8_strdown(head.at, (gssize)head.n);
        if (i == 0 && !mail_text_has(text + strspn(text, RULES), QUOTE_NOTICES, COUNT_OF(QUOTE_NOTICES), true))
            return false;
        secret = secret || mail_text_has(text, QUOTE_SECRETS, COUNT_OF(QUOTE_SECRETS), false);
        n += line.n;
        if (!line.next)
            break;
        line = mail_line_at(line.next);
    }
    return secret && n >= NOTICE_MIN;
}

/* "Sent from my telephone", and nothing below it. */
static bool is_sent_from(const struct mail_line *line)
{
    g_autofree char *text = mail_line_lower(line);
    if (line->n > SENT_FROM_MAX || !mail_text_has(text, QUOTE_SENT_FROM, COUNT_OF(QUOTE_SENT_FROM), true) ||
        !mail_text_has(text, QUOTE_DEVICES, COUNT_OF(QUOTE_DEVICES), false))
        return false;
    return !line->next || line->next[strspn(line->next, " \t\r\n")] == '\0';
}

bool quote_foot_at(struct mail_line line)
{
    bool list = *line.at == '_' && mail_line_is_drawn(&line, LIST_RULE_MIN);
    return is_signature_rule(&line) || list || is_sent_from(&line) || is_notice(line);
}
