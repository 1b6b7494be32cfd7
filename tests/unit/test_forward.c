#include "channel/forward.h"
#include "channel/mail_subject.h"
#include "channel_kit.h"

/* Where `text` has "|", the words that were passed on begin. A name of NULL: the mail passes nothing on. */
static const struct {
    const char *subject, *text, *name, *address, *about, *date;
} MAILS[] = {
    /* Gmail */
    {"Fwd: Boots",
     "---------- Forwarded message ---------\nFrom: Ann Sommer <ann@example.com>\nDate: Tue, Nov 17, 2026 at 9:15 AM\n"
     "Subject: Boots\nTo: <shop@example.org>\n\n|Are they warm?\n",
     "Ann Sommer", "ann@example.com", "Boots", "Tue, Nov 17, 2026 at 9:15 AM"},
    {"Boots",
     "Please answer her.\n\n---------- Forwarded message ---------\nVon: Ann Sommer <ann@example.com>\nDate: Di., 17. "
     "Nov. 2026 um "
     "09:15 Uhr\nSubject: Boots\nTo: <shop@example.org>\n\n|Sind sie warm?\n",
     "Ann Sommer", "ann@example.com", "Boots", "Di., 17. Nov. 2026 um 09:15 Uhr"},
    {"Fwd: ブーツ",
     "---------- Forwarded message ---------\nFrom: 山田 花 <hana@example.com>\nDate: 2026年11月17日(火) "
     "9:15\nSubject: ブーツ\n"
     "To: <shop@example.org>\n\n|暖かいですか。\n",
     "山田 花", "hana@example.com", "ブーツ", "2026年11月17日(火) 9:15"},
    /* Apple Mail, iCloud, in quotation marks or without */
    {"Fwd: Boots",
     "Begin forwarded message:\n\n> From: Ann Sommer <ann@example.com>\n> Subject: Boots\n> Date: 17 November 2026 at "
     "09:15:00 "
     "CET\n> To: shop@example.org\n|>\n> Are they warm?\n",
     "Ann Sommer", "ann@example.com", "Boots", "17 November 2026 at 09:15:00 CET"},
    {"Fwd: Bottes",
     "> Début du message réexpédié :\n>\n> De: Ann Sommer <ann@example.com>\n> Objet: Bottes\n> Date: 17 novembre 2026 "
     "à "
     "09:15:00 UTC+1\n> À: shop@example.org\n|>\n> Sont-elles chaudes ?\n",
     "Ann Sommer", "ann@example.com", "Bottes", "17 novembre 2026 à 09:15:00 UTC+1"},
    {"Fwd: Stiefel",
     "Anfang der weitergeleiteten Nachricht:\n\nVon: ann@example.com\nBetreff: Stiefel\nDatum: 17. November 2026 um "
     "09:15:00 "
     "MEZ\nAn: shop@example.org\n\n|Warm?\n",
     NULL, "ann@example.com", "Stiefel", "17. November 2026 um 09:15:00 MEZ"},
    /* Outlook: of the desktop, the web, telephones, the Mac; only the subject says that it is no answer */
    {"FW: Boots",
     "From: Ann Sommer [mailto:ann@example.com]\nSent: Tuesday, November 17, 2026 9:15 AM\nTo: Shop\nSubject: "
     "Boots\n\n|Warm?\n",
     "Ann Sommer", "ann@example.com", "Boots", "Tuesday, November 17, 2026 9:15 AM"},
    {"WG: Stiefel",
     "Bitte antworten.\n\n________________________________\nVon: Sommer, Ann <ann@example.com>\nGesendet: Dienstag, "
     "17. November "
     "2026 09:15\nAn: Shop\nBetreff: Stiefel\n\n|Warm?\n",
     "Sommer, Ann", "ann@example.com", "Stiefel", "Dienstag, 17. November 2026 09:15"},
    {"TR: Bottes",
     "*De :* Ann Sommer\n<ann@example.com>\n*Envoyé :* mardi\n*À :* Shop\n*Objet :* Bottes\n\n|Chaudes ?\n",
     "Ann Sommer", NULL, "Bottes", "mardi"},
    {"転送: ブーツ",
     "差出人: 山田 花 <hana@example.com>\n送信日時: 2026年11月17日 9:15\n宛先: 店\n件名: ブーツ\n\n|暖かいですか。\n",
     "山田 花", "hana@example.com", "ブーツ", "2026年11月17日 9:15"},
    {"VS: Støvler",
     "Fra: Ann <ann@example.com>\nDato: tirsdag, 17. november 2026 kl. 09:15\nTil: Butik\nEmne: Støvler\n|Er de "
     "varme?\n",
     "Ann", "ann@example.com", "Støvler", "tirsdag, 17. november 2026 kl. 09:15"},
    {"RV: Botas", "El 17/11/2026 9:15, \"Ann Sommer\" <ann@example.com> escribió:\n|\n    ¿Son cálidas?\n",
     "Ann Sommer", "ann@example.com", NULL, NULL},
    {"FW: Boots", "-----Original Message-----\nFrom: Ann\nSent: Tuesday\nTo: Shop\nSubject: Boots\n\n|Warm?\n", "Ann",
     NULL, "Boots", "Tuesday"},
    /* Yahoo puts all headers on one line */
    {"Fw: Boots",
     "   ----- Forwarded Message ----- From: Ann Sommer <ann@example.com>To: \"shop@example.org\" "
     "<shop@example.org>Sent: Tuesday, "
     "November 17, 2026, 09:15:00 AM GMT+1Subject: Boots\n| Warm?\n",
     "Ann Sommer", "ann@example.com", "Boots", "Tuesday, November 17, 2026, 09:15:00 AM GMT+1"},
    {"Fw: Bot",
     " ----- İletilmiş Mesaj ----- Kimden: Ann Sommer <ann@example.com>Kime: shop@example.org\n| Sıcak mı?\n",
     "Ann Sommer", "ann@example.com", NULL, NULL},
    /* Thunderbird, GMX, Proton, Zoho, Samsung, Fastmail, Lotus, HubSpot */
    {"Fwd: Boots",
     "-------- Forwarded Message --------\nSubject: \tBoots\nDate: \tTue, 17 Nov 2026 09:15:00 +0100\nFrom: \tAnn "
     "Sommer "
     "<ann@example.com>\nTo: \tshop@example.org\n\n|Warm?\n",
     "Ann Sommer", "ann@example.com", "Boots", "Tue, 17 Nov 2026 09:15:00 +0100"},
    {"Fwd: Kengät",
     "-------- Välitetty viesti / Fwd.Msg --------\nAihe: \tKengät\nPäiväys: \ttiistai\nLähettäjä: \tAnn "
     "<ann@example.com>\n"
     "\n|Lämpimät?\n",
     "Ann", "ann@example.com", "Kengät", "tiistai"},
    {"Fwd: Stiefel",
     "*Gesendet:* Dienstag, 17. November 2026 um 09:15 Uhr\n*Von:* \"Ann Sommer\" <ann@example.com>\n*An:* "
     "shop@example.org\n"
     "*Betreff:* Stiefel\n\n|Warm?\n",
     "Ann Sommer", "ann@example.com", "Stiefel", "Dienstag, 17. November 2026 um 09:15 Uhr"},
    {"Fw: Boots",
     "------- Forwarded Message -------\nFrom: Ann <ann@example.com>\nDate: On Tuesday, November 17th, 2026 at "
     "09:15\nSubject: "
     "Boots\nTo: shop@example.org\n\n|> Warm?\n",
     "Ann", "ann@example.com", "Boots", "On Tuesday, November 17th, 2026 at 09:15"},
    {"Fwd: Boots",
     "============ Forwarded message ============\nFrom: Ann <ann@example.com>\nTo: shop@example.org\nDate: Tue, 17 "
     "Nov 2026\n"
     "Subject: Boots\n============ Forwarded message ============\n|\nWarm?\n",
     "Ann", "ann@example.com", "Boots", "Tue, 17 Nov 2026"},
    {"Fwd: Boots",
     "Sent from my Galaxy\n\n-------- Original message --------\nFrom: Ann <ann@example.com>\nDate: 17/11/2026 09:15 "
     "(GMT+01:00)\n"
     "To: shop@example.org\nSubject: Boots\n\n|Warm?\n",
     "Ann", "ann@example.com", "Boots", "17/11/2026 09:15 (GMT+01:00)"},
    {"Fw: Boots",
     "----- Forwarded by Bob Berg/ACME on 17.11.2026 10:00 -----\n\nFrom:\tAnn Sommer "
     "<ann@example.com>\nTo:\tshop@example.org\n"
     "Date:\t17.11.2026 09:15\nSubject:\tBoots\n\n|Warm?\n",
     "Ann Sommer", "ann@example.com", "Boots", "17.11.2026 09:15"},
    {"Fwd: ブーツ",
     "---------- メッセージを転送 ---------\n送信元：山田 花 "
     "<hana@example.com>\n日付：2026年11月17日\n件名：ブーツ\n\n|暖かい？\n",
     "山田 花", "hana@example.com", "ブーツ", "2026年11月17日"},
    /* by language */
    {"Fwd: Ботинки",
     "-------- Пересылаемое сообщение --------\nОт: Анна <ann@example.com>\nДата: 17.11.2026\nТема: "
     "Ботинки\n\n|Тёплые?\n",
     "Анна", "ann@example.com", "Ботинки", "17.11.2026"},
    {"Fwd: Черевики",
     "---------- Переслане повідомлення ---------\nВід: Анна <ann@example.com>\nДата: 17.11.2026\nТема: "
     "Черевики\n\n|Теплі?\n",
     "Анна", "ann@example.com", "Черевики", "17.11.2026"},
    {"PD: Buty",
     "---------- Wiadomość przesłana dalej ---------\nOd: Ann <ann@example.com>\nData: wtorek\nTemat: "
     "Buty\n\n|Ciepłe?\n",
     "Ann", "ann@example.com", "Buty", "wtorek"},
    {"Fwd: Boty",
     "-------- Přeposlaná zpráva --------\nPředmět: Boty\nDatum: úterý\nOd: Ann <ann@example.com>\n\n|Teplé?\n", "Ann",
     "ann@example.com", "Boty", "úterý"},
    {"VB: Skor",
     "Vidarebefordrat brev:\n\n> Från: Ann <ann@example.com>\n> Ämne: Skor\n> Datum: tisdag\n|>\n> Varma?\n", "Ann",
     "ann@example.com", "Skor", "tisdag"},
    {"I: Stivali",
     "Inizio messaggio inoltrato:\n\nDa: Ann <ann@example.com>\nOggetto: Stivali\nData: martedì\n\n|Caldi?\n", "Ann",
     "ann@example.com", "Stivali", "martedì"},
    {"Fwd: Laarzen",
     "-------- Doorgestuurd bericht --------\nOnderwerp: Laarzen\nDatum: dinsdag\nVan: Ann "
     "<ann@example.com>\n\n|Warm?\n",
     "Ann", "ann@example.com", "Laarzen", "dinsdag"},
    {"ENC: Botas",
     "---------- Mensagem encaminhada ---------\nDe: Ann <ann@example.com>\nData: terça\nAssunto: Botas\n\n|Quentes?\n",
     "Ann", "ann@example.com", "Botas", "terça"},
    {"Fwd: Csizma",
     "----- Továbbított üzenet -----\nFeladó: Ann <ann@example.com>\nElküldve: kedd\nTárgy: Csizma\n\n|Meleg?\n", "Ann",
     "ann@example.com", "Csizma", "kedd"},
    {"전달: 부츠",
     "---------- 전달된 메일 ---------\n보낸사람: 안 <ann@example.com>\n날짜: 화\n제목: 부츠\n\n|따뜻해요?\n", "안",
     "ann@example.com", "부츠", "화"},
    {"转发：靴子", "-------- 转发的邮件 --------\n发件人: 安 <ann@example.com>\n日期: 周二\n主题: 靴子\n\n|暖和吗？\n",
     "安", "ann@example.com", "靴子", "周二"},
    {"Fwd: Μπότες",
     "---------- Προωθημένο μήνυμα ---------\nΑπό: Ann <ann@example.com>\nΗμερομηνία: Τρίτη\nΘέμα: "
     "Μπότες\n\n|Ζεστές;\n",
     "Ann", "ann@example.com", "Μπότες", "Τρίτη"},
    {"Fwd: حذاء",
     "---------- رسالة معاد توجيهها ---------\nمن: آن <ann@example.com>\nالتاريخ: الثلاثاء\nالموضوع: حذاء\n\n|دافئ؟\n",
     "آن", "ann@example.com", "حذاء", "الثلاثاء"},
};

/* What passes nothing on. */
static const struct {
    const char *subject, *text;
} OTHERS[] = {
    /* an answer, whatever stands in its history */
    {"Re: Boots",
     "Yes.\n\nOn Tue, Nov 17, 2026 at 9:15 AM Bob <bob@example.org> wrote:\n> ---------- Forwarded message ---------\n"
     "> From: Ann <ann@example.com>\n>\n> Warm?\n"},
    {"Re: Fwd: Boots",
     "Yes.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.com>\nDate: x\nSubject: y\n\nWarm?\n"},
    {"Boots", "Yes.\n\n-----Original Message-----\nFrom: Ann <ann@example.com>\nSent: x\nSubject: y\n\nWarm?\n"},
    {"Fwd: Boots", "Yes.\n> When?\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.com>\n\nWarm?\n"},
    {"Re: Boots", "From: Ann <ann@example.com>\nSent: x\nSubject: y\n\nWarm?\n"},
    /* what a form was filled in with */
    {"New request", "From: Ann <ann@example.com>\nDate: Tuesday\nSubject: Boots\n\nWarm?\n"},
    /* it says so, and nothing more */
    {"Fwd: Boots", "Look at this page about boots.\n"},
    {"Fwd: Boots", "---------- Forwarded message ---------\n\nWarm?\n"},
    {"Fwd: Boots", ""},
    {NULL, "Begin forwarded message:\n"},
};

static bool same(const char *found, const char *expected)
{
    return found && expected ? strcmp(found, expected) == 0 : found == expected;
}

static void test_forwarded(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(MAILS); i++) {
        char *text = arena_strdup(a, MAILS[i].text), *mark = strchr(text, '|');
        struct forward f = {0};
        memmove(mark, mark + 1, strlen(mark));
        bool right = forward_find(text, MAILS[i].subject, a, &f) && same(f.name, MAILS[i].name) &&
                     same(f.address, MAILS[i].address) && same(f.subject, MAILS[i].about) &&
                     same(f.date, MAILS[i].date) &&
                     text + f.inner_at + strspn(text + f.inner_at, "\n") == mark + strspn(mark, "\n");
        if (!right)
            print_error("%s\n%s\n%s, %s, %s, %s, %ld\n\n", MAILS[i].subject, text, f.name, f.address, f.subject, f.date,
                        f.inner_at);
        wrong += !right;
    }
    assert_int_equal(wrong, 0);
}

static void test_others(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
        struct forward f;
        if (forward_find(OTHERS[i].text, OTHERS[i].subject, a, &f))
            print_error("%s\n", OTHERS[i].text);
        assert_false(forward_find(OTHERS[i].text, OTHERS[i].subject, a, &f));
    }
}

/* A comment is short: what comes after a letter of one's own is its postscript. */
static void test_long_comment(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf text = {0};
    struct forward f;
    for (int i = 0; i < 40; i++)
        buf_printf(&text, "This is line %d of a letter of mine.\n", i);
    buf_printf(&text, "---------- Forwarded message ---------\nFrom: Ann <ann@example.com>\n\nWarm?\n");
    assert_false(forward_find(text.data, "Fwd: Boots", a, &f));
}

static void test_subjects(void **state)
{
    (void)state;
    assert_true(mail_subject_forwards("Fwd: Boots"));
    assert_true(mail_subject_forwards(" WG: AW: Stiefel"));
    assert_true(mail_subject_forwards("Fw[2]: Boots"));
    assert_true(mail_subject_forwards("转发：靴子"));
    assert_false(mail_subject_forwards("Re: Fwd: Boots"));
    assert_false(mail_subject_forwards("Forward them: boots"));
    assert_false(mail_subject_forwards(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forwarded),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_long_comment),
        cmocka_unit_test(test_subjects),
    };
    return cmocka_run_group_tests_name("forward", tests, NULL, NULL);
}
