/* What was found of a sender, in the grammar of RFC 8601. The header Authentication-Results is text that a stranger may have written, up to the place where our own
 * mail server put its own above it: so quoted strings and comments are skipped as the grammar says, never searched. */
#include "channel/mime.h"

#include "base/text.h"

#include <ctype.h>
#include <strings.h>

#define TOKENS_MAX 24

/* Blanks out comments, which nest, and the contents of quoted strings. */
static char *without_comments(struct arena *a, const char *value)
{
    char *copy = arena_strdup(a, value);
    int depth = 0;
    bool quoted = false;
    for (char *p = copy; *p; p++) {
        bool escaped = *p == '\\' && p[1];
        char c = *p;
        if (depth || quoted)
            *p = quoted ? '_' : ' ';
        if (escaped && (depth || quoted)) {
            *++p = '_';
            continue;
        }
        if (!depth && c == '"') {
            quoted = !quoted;
            *p = '_';
        } else if (!quoted && c == '(') {
            depth++;
            *p = ' ';
        } else if (!quoted && c == ')' && depth) {
            depth--;
        }
    }
    return copy;
}

static bool is_or_is_under(const char *domain, const char *parent)
{
    size_t n = strlen(domain), m = strlen(parent);
    if (m == 0 || n < m || strcasecmp(domain + n - m, parent) != 0)
        return false;
    return n == m || (domain[n - m - 1] == '.' && strchr(parent, '.'));
}

static const char *auth_value(char *const *tokens, size_t n, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < n; i++)
        if (strncasecmp(tokens[i], name, len) == 0 && tokens[i][len] == '=')
            return tokens[i] + len + 1;
    return NULL;
}

/* RFC 8601 §2.7: what a method may find. */
static const char *result_word(const char *value)
{
    static const char *const WORDS[] = {"none",    "pass",      "fail",      "softfail",
                                        "neutral", "temperror", "permerror", "policy"};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (value && strcasecmp(WORDS[i], value) == 0)
            return WORDS[i];
    return NULL;
}

/* The first counts; but a mail may have several signatures, and one that holds is enough. */
static void note_result(struct mime_verdict *verdict, char *const *tokens)
{
    const struct {
        const char *method;
        const char **word;
        bool any_pass;
    } rows[] = {{"spf", &verdict->spf, false}, {"dkim", &verdict->dkim, true}, {"dmarc", &verdict->dmarc, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *word = result_word(auth_value(tokens, 1, rows[i].method));
        if (word && (!*rows[i].word || (rows[i].any_pass && strcmp(word, "pass") == 0)))
            *rows[i].word = word;
    }
}

/* One result: "dkim=pass header.d=example.com". */
static enum mime_auth read_result(struct arena *a, char *result, const char *from_domain, struct mime_verdict *verdict)
{
    char *tokens[TOKENS_MAX], *save = NULL;
    size_t n = 0;
    for (char *t = strtok_r(result, " \t", &save); t && n < TOKENS_MAX; t = strtok_r(NULL, " \t", &save))
        tokens[n++] = t;
    if (n == 0)
        return MIME_AUTH_NONE;
    const char *dmarc = auth_value(tokens, 1, "dmarc"), *dkim = auth_value(tokens, 1, "dkim");
    const char *header_from = auth_value(tokens, n, "header.from");
    if (dmarc && header_from && strcasecmp(header_from, from_domain) != 0)
        return MIME_AUTH_NONE;
    note_result(verdict, tokens);
    if (dmarc && strcasecmp(dmarc, "pass") ==
                     0) /* of whom, is said: a From of several addresses may be read in more than one way */
        return header_from ? MIME_AUTH_PASS : MIME_AUTH_NONE;
    if (dmarc && strcasecmp(dmarc, "fail") == 0)
        return MIME_AUTH_FAIL;
    const char *domain = auth_value(tokens, n, "header.d"), *agent = auth_value(tokens, n, "header.i");
    if (!domain && agent && strchr(agent, '@'))
        domain = strrchr(agent, '@') + 1;
    if (dkim && strcasecmp(dkim, "pass") == 0 && domain && is_or_is_under(from_domain, text_lower_ascii(a, domain)))
        return MIME_AUTH_PASS;
    return MIME_AUTH_NONE;
}

/* A failed DMARC test outweighs a passed DKIM signature. */
static void read_results(struct arena *a, char *results, const char *from_domain, struct mime_verdict *verdict)
{
    char *save = NULL;
    for (char *r = strtok_r(results, ";", &save); r; r = strtok_r(NULL, ";", &save)) {
        enum mime_auth one = read_result(a, r, from_domain, verdict);
        if (one > verdict->auth)
            verdict->auth = one;
    }
}

/* The newest Authentication-Results of that server; or NULL. */
static char *results_of(struct arena *a, const struct mime_mail *mail, const char *authserv_id)
{
    for (size_t i = 0; authserv_id[0] && i < mail->auth_results.n; i++) {
        char *value = without_comments(a, ((const char **)mail->auth_results.items)[i]);
        char *semicolon = strchr(value, ';');
        if (!semicolon)
            continue;
        *semicolon = '\0';
        char *id = text_trim(a, value);
        id[strcspn(id, " \t")] = '\0'; /* a version may follow */
        if (strcasecmp(id, authserv_id) == 0)
            return semicolon + 1;
    }
    return NULL;
}

struct mime_verdict mime_verdict_of(const struct mime_mail *mail, const char *authserv_id)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct mime_verdict verdict = {.auth = MIME_AUTH_NONE};
    const char *at = mail->from.address ? strrchr(mail->from.address, '@') : NULL;
    char *told = mail->told_results ? without_comments(a, mail->told_results) : NULL;
    char *results = results_of(a, mail, authserv_id);
    const char *from_domain = at ? text_lower_ascii(a, at + 1) : "";
    if (told)
        read_results(a, told, from_domain, &verdict);
    if (results)
        read_results(a, results, from_domain, &verdict);
    if (!from_domain[0]) /* nobody is vouched for */
        verdict.auth = MIME_AUTH_NONE;
    return verdict;
}

/* A token of the grammar, so that no value can begin another result. */
static bool is_plain_token(const char *text)
{
    for (const char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("-._@+", *p))
            return false;
    return text[0] != '\0';
}

void mime_tell_result(struct mime_mail *mail, struct arena *a, const char *method, const char *result,
                      const char *property, const char *value)
{
    const char *word = result_word(result ? text_trim(a, result) : NULL);
    const char *of = value ? text_trim(a, value) : "";
    if (!word)
        return;
    const char *before = mail->told_results ? arena_printf(a, "%s; ", mail->told_results) : "";
    mail->told_results = is_plain_token(of) ? arena_printf(a, "%s%s=%s %s=%s", before, method, word, property, of)
                                            : arena_printf(a, "%s%s=%s", before, method, word);
}
