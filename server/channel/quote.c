#include "channel/quote.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define INTRODUCTION_LINES_MAX 4
#define LINE_LOOK_MAX 500

struct line {
    const char *at;
    size_t n;         /* without the line break and white space around */
    const char *next; /* NULL after the last one */
};

static struct line line_at(const char *p)
{
    size_t whole = 0;
    while (p[whole] && p[whole] != '\n')
        whole++;
    struct line line = {p, whole, p[whole] ? p + whole + 1 : NULL};
    while (line.n && isspace((unsigned char)line.at[0])) {
        line.at++;
        line.n--;
    }
    while (line.n && isspace((unsigned char)line.at[line.n - 1]))
        line.n--;
    return line;
}

static bool is_quoted(const struct line *line)
{
    return line->n && line->at[0] == '>';
}

static bool begins(const struct line *line, const char *word)
{
    size_t n = strlen(word);
    return line->n >= n && strncasecmp(line->at, word, n) == 0;
}

static bool ends(const struct line *line, const char *word)
{
    size_t n = strlen(word);
    return line->n >= n && strncasecmp(line->at + line->n - n, word, n) == 0;
}

/* "-----Original Message-----" and its kin. */
static bool is_separator(const struct line *line)
{
    static const char *const WORDS[] = {
        "Original Message",
        "Ursprüngliche Nachricht",
        "Message d'origine",
        "Message original",
        "Mensaje original",
        "Messaggio originale",
        "Oorspronkelijk bericht",
        "Mensagem original",
        "元のメッセージ",
        "Original メッセージ",
        "原始邮件",
    };
    if (line->n < 8 || line->n > LINE_LOOK_MAX || line->at[0] != '-' || line->at[line->n - 1] != '-')
        return false;
    const char *p = line->at;
    size_t n = line->n;
    while (n && (*p == '-' || *p == ' ')) {
        p++;
        n--;
    }
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (n > strlen(WORDS[i]) && strncasecmp(p, WORDS[i], strlen(WORDS[i])) == 0)
            return true;
    return false;
}

/* Outlook's block of header lines: who, when and about what, in whatever order the language has. */
static bool is_header_block(struct line line)
{
    static const char *const FROM[] = {
        "From:", "*From:*", "Von:", "De:", "De :", "Da:", "Van:", "差出人:", "发件人:", "发件人："};
    static const char *const SENT[] = {
        "Sent:",    "*Sent:*",     "Date:",    "*Date:*",    "Gesendet:", "Datum:", "Envoyé:",   "Envoyé :",
        "Enviado:", "Enviado el:", "Inviato:", "Verzonden:", "送信日時:", "日付:",  "发送时间:", "发送时间："};
    static const char *const SUBJECT[] = {"Subject:", "*Subject:*", "Betreff:",   "Objet:", "Objet :", "Asunto:",
                                          "Assunto:", "Oggetto:",   "Onderwerp:", "件名:",  "主题:",   "主题："};
    bool from = false, sent = false, subject = false;
    for (size_t i = 0; i < COUNT_OF(FROM); i++)
        from = from || begins(&line, FROM[i]);
    for (int seen = 0; from && line.next && seen < 6; seen++) {
        line = line_at(line.next);
        for (size_t i = 0; i < COUNT_OF(SENT); i++)
            sent = sent || begins(&line, SENT[i]);
        for (size_t i = 0; i < COUNT_OF(SUBJECT); i++)
            subject = subject || begins(&line, SUBJECT[i]);
    }
    return from && sent && subject;
}

static bool has_digit(const struct line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (isdigit((unsigned char)line->at[i]))
            return true;
    return false;
}

/* "On Monday Ann wrote:": may be wrapped over some lines, so its end is looked for below. Sets the line after it. */
static bool is_introduction(struct line line, const char **ret_after)
{
    static const struct {
        const char *begin, *end;
    } FORMS[] = {
        /* those without a beginning are not looked for over several lines */
        {"On ", "wrote:"},
        {"Am ", ":"},
        {"Le ", "écrit :"},
        {"Le ", "écrit:"},
        {"Le ", "écrit\xc2\xa0:"},
        {"El ", "escribió:"},
        {"Il ", "scritto:"},
        {"Op ", "schreef:"},
        {"Op ", ":"},
        {"Em ", "escreveu:"},
        {"在", "写道："},
        {"于", "写道："},
        {"", "さんは書きました:"},
        {"", "のメール:"},
        {"", "のメッセージ:"},
        {"", "wrote:"},
        {"", "schrieb:"},
        {"20", ">:"},
        {"20", "写道："},
    };
    const struct line first = line;
    if (first.n > LINE_LOOK_MAX || first.n == 0 || is_quoted(&first))
        return false;
    bool digit = false;
    for (int i = 0; i < INTRODUCTION_LINES_MAX; i++) {
        digit = digit || has_digit(&line);
        for (size_t f = 0; f < COUNT_OF(FORMS); f++)
            if ((i == 0 || FORMS[f].begin[0]) && begins(&first, FORMS[f].begin) && ends(&line, FORMS[f].end) &&
                (digit || FORMS[f].end[1])) {
                *ret_after = line.next;
                return true;
            }
        if (!line.next)
            return false;
        line = line_at(line.next);
        if (line.n == 0 || line.n > LINE_LOOK_MAX || is_quoted(&line))
            return false;
    }
    return false;
}

/* From here on there is quoted text, and nothing but quoted and empty lines. */
static bool only_quotes_follow(const char *p)
{
    bool any = false;
    while (p) {
        struct line line = line_at(p);
        if (line.n && !is_quoted(&line))
            return false;
        any = any || line.n;
        p = line.next;
    }
    return any;
}

/* The start of the trailing run of quoted and empty lines, or NULL. */
static const char *trailing_quotes(const char *text)
{
    const char *start = NULL;
    for (const char *p = text; p;) {
        struct line line = line_at(p);
        if (line.n && !is_quoted(&line))
            start = NULL;
        else if (is_quoted(&line) && !start)
            start = p;
        p = line.next;
    }
    return start;
}

static bool something_before(const char *text, const char *at)
{
    for (const char *p = text; p < at; p++)
        if (!isspace((unsigned char)*p))
            return true;
    return false;
}

static const char *find_quote(const char *text)
{
    const char *quotes = trailing_quotes(text), *rule = NULL;
    for (const char *p = text; p && (!quotes || p < quotes);) {
        struct line line = line_at(p);
        const char *after = NULL;
        if (is_separator(&line) || is_header_block(line))
            return rule ? rule : p;
        if (quotes && is_introduction(line, &after) && only_quotes_follow(after))
            return p;
        if (line.n) /* Outlook draws a line above its block */
            rule = line.n >= 20 && strspn(line.at, "_") >= line.n ? p : NULL;
        p = line.next;
    }
    return quotes;
}

long quote_find(const char *text)
{
    const char *at = find_quote(text);
    return at && something_before(text, at) ? at - text : -1;
}
