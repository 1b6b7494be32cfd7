#include "channel/quote.h"
#include "channel_kit.h"

/* "|" marks where the quotation begins; none: nothing is to be found. */
static const char *const MAILS[] = {
    "Thanks!\n\n|On Mon, Nov 16, 2026 at 10:00 AM Ann <ann@example.com> wrote:\n> Hello\n> there\n",
    "Thanks!\n\n|On Mon, Nov 16, 2026 at 10:00 AM Ann Very Long Name\n<ann@example.com> wrote:\n\n> Hello\n",
    "Danke\n\n|Am 16.11.2026 um 10:00 schrieb Ann <ann@example.com>:\n> Hallo\n",
    "Merci\n|Le lun. 16 nov. 2026 à 10:00, Ann <ann@example.com> a écrit :\n> Bonjour\n",
    "Gracias\n|El lun, 16 nov 2026 a las 10:00, Ann (<ann@example.com>) escribió:\n> Hola\n",
    "ありがとうございます\n\n|2026年11月16日(月) 10:00 Ann <ann@example.com>:\n\n> こんにちは\n",
    "ありがとうございます\n|2026/11/16 10:00、Ann <ann@example.com>のメール:\n> こんにちは\n",
    "了解です\n|山田さんは書きました:\n> こんにちは\n",
    "See below.\n\n|-----Original Message-----\nFrom: Ann\nSent: Monday\nSubject: x\n\nHello\n",
    "Siehe unten\n|----- Ursprüngliche Nachricht -----\nVon: Ann\n",
    "Yes.\n\n|________________________________\nFrom: Ann <ann@example.com>\nSent: Monday\nTo: Bob\nSubject: "
    "Shoes\n\nHello\n",
    "はい\n\n|差出人: Ann\n送信日時: 2026年11月16日\n宛先: Bob\n件名: 靴\n\nこんにちは\n",
    "Ja\n|Von: Ann\nGesendet: Montag\nAn: Bob\nBetreff: Schuhe\n\nHallo",
    "Fine\n\n|> Hello\n> there",
    "Fine\n\n|> Hello\n>\n\n> there\n\n",
    /* nothing to fold */
    "Hello\n",
    "",
    "\n\n",
    "> only a quotation\n",
    "On Monday Ann wrote:\n> Hello\n",                                        /* nothing new above it */
    "Hi,\n> When does it come?\nIs that soon?\n> And which?\nThe red one.\n", /* answers in between */
    "Hi,\nOn Mon 16 Ann wrote:\n> When?\nsoon\n",
    "From: what I read, it is late.\nSubject to change.\n",
    "I went to the shop.\nOn the way I wrote:\nnothing.\n",
    "-- \nAnn\n",
    "----------\nprice list\n----------\n",
    ">",
};

static void test_mails(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(MAILS); i++) {
        char *text = strdup(MAILS[i]), *mark = strchr(text, '|');
        long expected = mark ? mark - text : -1;
        if (mark)
            memmove(mark, mark + 1, strlen(mark));
        long found = quote_find(text);
        if (found != expected)
            print_error("case %zu:\n%s\n", i, MAILS[i]);
        free(text);
        assert_int_equal(found, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mails),
    };
    return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
