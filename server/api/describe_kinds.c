#include "api/describe_kinds.h"

#include "base/error.h"
#include "channel/channel.h"
#include "channel/mail.h"
#include "desk/conversation/reach.h"
#include "store/draft.h"
#include "store/outbox.h"

static const char *yes_no(bool is)
{
    return is ? "true" : "false";
}

void describe_kinds_typescript(struct buf *out)
{
    buf_puts(out,
             "/** By what means somebody is reached, in the order in which filters list them. `label`: a key of the "
             "console's texts. */\nexport const MEDIA = {\n");
    for (const struct medium_row *row = MEDIUM_ROWS; row->name; row++)
        buf_printf(out, "  %s: { label: 'medium.%s', icon: '%s', hue: '%s' },\n", row->name, row->name, row->icon,
                   row->hue);
    buf_puts(out,
             "} as const;\nexport type Medium = keyof typeof MEDIA;\n\n"
             "/** What an identity may be. `opaque`: the name stands for the value. `numbered`: the value says nothing "
             "without what it numbers.\n * `reached`: one can write to it on one's own account. */\n"
             "export const IDENTITY_KINDS = {\n");
    for (const struct identity_kind_row *row = IDENTITY_KIND_ROWS; row->name; row++)
        buf_printf(out, "  %s: { label: 'identity.%s', medium: '%s', opaque: %s, numbered: %s, reached: %s },\n",
                   row->name, row->name, MEDIUM_NAMES[row->medium], yes_no(row->flags & KIND_OPAQUE),
                   yes_no(row->flags & KIND_NUMBERED), yes_no(row->flags & KIND_REACHED));
    buf_puts(out, "} as const;\nexport type IdentityKind = keyof typeof IDENTITY_KINDS;\n\n");
}

/* What the console has words for: channel.<type>, setting.<type>.<name> and the rules of links. */
void describe_channels_typescript(struct buf *out)
{
    buf_puts(out, "/** The kinds of channels, and the names of their settings. */\nexport const CHANNEL_TYPES = {\n");
    for (const struct channel_type *const *type = CHANNEL_TYPES; *type; type++) {
        buf_printf(out, "  %s: [", (*type)->name);
        for (const struct setting *s = (*type)->settings; s && s->name; s++)
            buf_printf(out, "%s'%s'", s == (*type)->settings ? "" : ", ", s->name);
        buf_puts(out, "],\n");
    }
    buf_puts(out, "} as const;\n\n/** The rules by which identities are linked, and the signals of suggestions. */\n"
                  "export const LINK_RULES = [");
    const char *comma = "";
    for (const struct identity_kind_row *row = IDENTITY_KIND_ROWS; row->name; row++)
        for (int i = 0; row->rule.name && i < (strcmp(row->rule.name, row->rule.claim) == 0 ? 1 : 2); i++) {
            buf_printf(out, "%s'%s'", comma, i ? row->rule.claim : row->rule.name);
            comma = ", ";
        }
    buf_puts(out, "] as const;\n\n");
}

void describe_bounds_typescript(struct buf *out)
{
    buf_printf(
        out,
        "/** So long after their last word somebody in a chat counts as there. */\n"
        "export const CHAT_JUST_THERE_MS = %d;\n"
        "/** With any message or note; a channel may take fewer. */\nexport const MESSAGE_FILES_MAX = %d;\n"
        "/** Bytes of all files of an answer by mail. */\nexport const MAIL_FILES_BYTES = %d;\n"
        "/** With a message of a chat, either way. */\nexport const CHAT_FILES_MAX = %d;\n"
        "/** Of a file that somebody brings. */\nexport const UPLOAD_BYTES_MAX = %d;\n"
        "/** Of a file that a provider keeps: larger ones stay there. */\nexport const REMOTE_FILE_BYTES_MAX = %d;\n"
        "/** Drafts that draft.list answers; when there are more, the oldest are left out. */\n"
        "export const DRAFTS_LISTED_MAX = %d;\n"
        "/** An answer that has been waiting to leave for so long says that its channel's queue stands. */\n"
        "export const OUTBOX_STANDS_MS = %d;\n\n",
        CHAT_JUST_THERE_MS, MESSAGE_FILES_MAX, MAIL_FILES_BYTES, CHAT_FILES_MAX, UPLOAD_BYTES_MAX,
        REMOTE_FILE_BYTES_MAX, DRAFTS_LISTED_MAX, (int)OUTBOX_STANDS_MS);
}

void describe_kinds_markdown(struct buf *out)
{
    static const char *const WITHIN[] = {[SPACE_EVERYWHERE] = "everywhere",
                                         [SPACE_ACCOUNT] = "its channel",
                                         [SPACE_CUSTOMERS] = "its channel, or the channels with the same "
                                                             "`customer_space`"};
    buf_puts(out, "\n## Kinds of identity\n\nWhat `kind` of an identity may be ([IDENTITY.md](IDENTITY.md)).\n\n"
                  "| kind | medium | its value is unique within | may be put | column of imports |\n"
                  "|---|---|---|---|---|\n");
    for (const struct identity_kind_row *row = IDENTITY_KIND_ROWS; row->name; row++)
        buf_printf(out, "| `%s` | `%s` | %s | %s | %s%s%s |\n", row->name, MEDIUM_NAMES[row->medium],
                   WITHIN[row->space],
                   row->flags & KIND_PUT         ? "yes"
                   : row->space == SPACE_ACCOUNT ? "into a channel of its medium"
                                                 : "no",
                   row->column ? "`" : "", row->column ? row->column : "–", row->column ? "`" : "");
}

#define SAYING_AS_VALUE(name, kind, english, params) SAID_##name,
static const enum saying TO_PEOPLE[] = {SAYINGS_TO_PEOPLE(SAYING_AS_VALUE)};

void describe_sayings_typescript(struct buf *out)
{
    buf_puts(out, "/** What the server says: a code with parameters, worded where it is shown (`said.<code>` of the "
                  "console's texts). "
                  "*/\nexport interface Said {\n  code: string;\n  params: Record<string, string | number>;\n}\n\n"
                  "/** The codes that people meet, and the names of their parameters. */\nexport const SAYINGS = {\n");
    for (size_t i = 0; i < COUNT_OF(TO_PEOPLE); i++)
        buf_printf(out, "  %s: '%s',\n", saying_row(TO_PEOPLE[i])->code, saying_row(TO_PEOPLE[i])->params);
    buf_puts(out, "} as const;\n\n");
}

/* The sentence, with the parameters' names where their values stand. */
static void put_sentence(const struct saying_row *row, struct buf *out)
{
    const char *name = row->params;
    for (const char *at = row->english; *at; at++) {
        if (*at != '%') {
            buf_putc(out, *at);
            continue;
        }
        size_t n = strcspn(name, " ");
        buf_printf(out, "`%.*s`", (int)n, name);
        name += n + (name[n] == ' ');
        at += strcspn(at, "sduX");
    }
}

void describe_sayings_markdown(struct buf *out)
{
    buf_puts(
        out,
        "\n## Sayings\n\nWhat the server says to people is a code with parameters, `{\"code\",\"params\"}`, and is "
        "worded where it is\nshown: refusals (`reason` and `params` of an error, with the kind below), evidence, why a "
        "message was not delivered,\nwhat is wrong with a channel, a task or a line of an import. What was stored "
        "before there were codes is `in_words`.\n\n| code | kind | in English |\n|---|---|---|\n");
    for (int i = SAID_NOTHING + 1; i < SAYINGS_; i++) {
        enum error_code kind = saying_kind((enum saying)i);
        buf_printf(out, "| `%s` | %s | ", saying_row((enum saying)i)->code, kind ? error_row(kind)->name : "–");
        put_sentence(saying_row((enum saying)i), out);
        buf_puts(out, " |\n");
    }
}
