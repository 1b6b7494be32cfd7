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
    /* by language, as its programs write it */
    "Спасибо!\n\n|пн, 16 нояб. 2026 г. в 10:00, Анна <ann@example.com>:\n> Привет\n",
    "Спасибо!\n\n|16.11.2026 10:00, Анна пишет:\n> Привет\n",
    "Дякую\n\n|пн, 16 лист. 2026 р. о 10:00 Анна <ann@example.com> пише:\n> Вітаю\n",
    "Dziękuję\n\n|pon., 16 lis 2026 o 10:00 Ann <ann@example.com> napisał(a):\n> Cześć\n",
    "Díky\n\n|po 16. 11. 2026 v 10:00 odesílatel Ann <ann@example.com>\nnapsal:\n> Ahoj\n",
    "Tack\n\n|Den mån 16 nov. 2026 kl 10:00 skrev Ann <ann@example.com>:\n> Hej\n",
    "Takk\n\n|man. 16. nov. 2026 kl. 10:00 skrev Ann <ann@example.com>:\n> Hei\n",
    "Kiitos\n\n|ma 16.11.2026 klo 10.00 Ann (ann@example.com) kirjoitti:\n> Hei\n",
    "Teşekkürler\n\n|Ann <ann@example.com>, 16 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:\n> Merhaba\n",
    "감사합니다\n\n|2026년 11월 16일 (월) 오전 10:00, Ann <ann@example.com>님이 작성:\n> 안녕하세요\n",
    "شكرا\n\n|في الاثنين، 16 نوفمبر 2026 10:00 كتب:\n> مرحبا\n",
    "Ευχαριστώ\n\n|Στις Δευ 16 Νοε 2026 στις 10:00 π.μ., ο χρήστης Ann <ann@example.com> έγραψε:\n> Γεια\n",
    "謝謝\n\n|Ann <ann@example.com> 於 2026年11月16日 週一 上午10:00寫道：\n> 你好\n",
    "谢谢\n\n|于2026年11月16日周一 10:00写道：\n> 你好\n",
    "Danke\n\n|Am Mo., 16. Nov. 2026 um 10:00 Uhr schrieb Ann Sehr Langer Name <\nann@example.com>:\n> Hallo\n",
    "Danke\n\n|Ann schrieb am Mo., 16. Nov. 2026, 10:00:\n> Hallo\n",
    "Gracias\n\n|Ann <ann@example.com> wrote:\n＞ Hola\n",
    "Merci\n\n|*De :* Ann\n*Envoyé :* lundi\n*À :* Bob\n*Objet :* Chaussures\n\nBonjour",
    "Tak\n\n|Dato: mandag\nFra: Ann\nTil: Bob\nEmne: Sko\n\nHej",
    "好的\n\n|发件人： Ann\n发送时间： 2026年11月16日\n收件人： Bob\n主题： 鞋\n\n你好",
    "네\n\n|보낸 사람: Ann\n보낸 날짜: 2026년\n받는 사람: Bob\n제목: 신발\n\n안녕",
    "Да\n\n|От: Анна\nОтправлено: 16 ноября\nКому: Боб\nТема: Туфли\n\nПривет",
    /* programs that mark no line of the quotation */
    "Yes please.\n\n|On Monday, November 16, 2026 at 10:00 AM, Ann <ann@example.com> wrote:\n\nHello,\nwhich one?\n",
    /* a signature below, and lines that say where to write */
    "Fine\n\n|On Mon, 16 Nov 2026 Ann wrote:\n> Hello\n\n-- \nBob\n",
    "Fine\n\n|> Hello\n\n-- \nBob\n",
    "Thanks\n\n|##- Please type your reply above this line -##\n\nYour request (7) has been updated.\n",
    "See this\n\n|---------- Forwarded message ---------\nFrom: Ann\n\nHello\n",
    "See this\n\n|Begin forwarded message:\n\nFrom: Ann\n",
    "Siehe\n\n|*****Ursprüngliche Nachricht*****\nHallo\n",
    /* nothing to fold */
    "On 5 May 2026 Ann wrote:\nall of this is mine.\n",
    "I think that\non 5 May Ann wrote: nothing.\n",
    "-- \nBob\n-- \nMore of mine\n",
    "Original message\nis what I want back.\n",
    "From: me\nSubject: to change\nDate\n",
    "Hi,\n> When?\nsoon\n\n-- \nBob\n",
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
        long found = quote_find(text, true);
        if (found != expected)
            print_error("case %zu:\n%s\n", i, MAILS[i]);
        free(text);
        assert_int_equal(found, expected);
    }
}

/* What answers nothing has no history, whatever it looks like; but what is marked line by line is quoted. */
static void test_first_mails(void **state)
{
    (void)state;
    assert_int_equal(quote_find("New request\n\nFrom: Ann\nDate: Monday\nSubject: Shoes\n\nHello", false), -1);
    assert_int_equal(quote_find("Look\n---------- Forwarded message ---------\nFrom: Ann\n\nHello\n", false), -1);
    assert_int_equal(quote_find("Yes\nOn Mon, 16 Nov 2026, Ann <a@b.example> wrote:\nHello\n", false), -1);
    assert_int_equal(quote_find("Yes\nOn Mon Ann wrote:\n> Hello\n", false), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mails),
        cmocka_unit_test(test_first_mails),
    };
    return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
