#include "api/describe_kinds.h"

#include "base/terms.h"

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
