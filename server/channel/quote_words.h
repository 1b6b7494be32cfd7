/* How mail programs introduce a quotation, by language: for quote_intro.c alone. Texts as the programs write them, in lower case where the
 * script has one; tables without rules, to be added to. What stands above a mail that is answered or passed on: block_words.h. */
#pragma once

/* How a line that introduces a quotation ends: "Ann wrote:", without its colon. */
static const char *const QUOTE_VERBS[] = {
    "wrote",
    "> sent", /* en */
    "schrieb",
    "schrieb folgendes",
    "hat geschrieben",
    "folgendes geschrieben", /* de */
    "a écrit",
    "écrit", /* fr */
    "escribió",
    "ha escrito", /* es */
    "ha scritto",
    "scritto",
    "scrive", /* it */
    "schreef",
    "geschreven",
    "heeft geschreven",
    "volgende geschreven",
    "het volgende geschreven", /* nl */
    "escreveu",
    "escreveu no dia", /* pt */
    "пишет",
    "написал",
    "написала",
    "написал(а)",
    "писал",
    "писала",
    "писал(а)", /* ru */
    "пише",
    "написав",
    "написав(ла)",
    "написав(-ла)", /* uk */
    "napisał",
    "napisała",
    "napisał(a)",
    "pisze", /* pl */
    "napsal",
    "napsala",
    "napsal(a)",
    "napísal",
    "napísal(a)", /* cs, sk */
    "skrev",
    "skrev följande",
    "skrev følgende", /* sv, da, no */
    "kirjoitti",
    "kirjoitti seuraavaa", /* fi */
    "şunu yazdı",
    "şunları yazdı",
    "yazdı",
    "yazmış", /* tr */
    "님이 작성",
    "작성",
    "님이 썼습니다",
    "님의 말",
    "썼습니다",
    "쓴 글", /* ko */
    "كتب",
    "كتبت",
    "كتب ما يلي", /* ar */
    "έγραψε",
    "γράφει", /* el */
    "写道",
    "寫道",
    "写到",
    "来信", /* zh */
    "書きました",
    "のメール",
    "のメッセージ",
    "さんのメッセージ",
    "wrote（書きました）", /* ja */
    "a scris",
    "írta",
    "ezt írta",
    "keltezéssel írta",
    "menulis",
    "đã viết",
    "כתב",
    "כתבה",
    "pisao je",
    "je napisao/la",
    "va escriure",
    "написа",
    "rašė",
    "rakstīja",
};

/* The same where the name comes behind it: "Am … schrieb Ann:". */
static const char *const QUOTE_VERBS_WITHIN[] = {
    " schrieb ",
    " schreef ",
    " skrev ",
    " kirjoitti ",
    " napísal",
    " kirjutas ",
    " escreveu (",
    " ezt írta (",
    " şunları yazdı (",
    "wiadomość napisana przez ",
    " كتب ",
    " تمت كتابة ما يلي بواسطة ",
    " מאת ",
};

/* What stands behind a name: with a day it is enough. */
static const char *const QUOTE_WRITERS[] = {" schrieb am ", " kirjoitti ", "さんは", "さんのメッセージ",
                                            "さんのメール", "さんが",      "님이",   "님의"};

/* How one begins that may be wrapped over some lines: with such a word … */
static const char *const QUOTE_OPENINGS[] = {
    "on ",     "am ",     "le ",   "el ", "il ",      "op ",  "em ",    "den ", "dne ",     "dnia ",
    "w dniu ", "på ",     "στις ", "în ", "pada ",    "vào ", "a las ", "在",   "于",       "於",
    "في ",     "בתאריך ", "at ",   "d. ", "in data ", "dňa ", "vom ",   "на ",  "kuupäev ", "wiadomość napisana przez ",
};

/* … or with a day. */
static const char *const QUOTE_DAYS[] = {
    "mon,",
    "tue,",
    "wed,",
    "thu,",
    "fri,",
    "sat,",
    "sun,",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday", /* en */
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag", /* de */
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche", /* fr */
    "пн",
    "вт",
    "ср",
    "чт",
    "пт",
    "сб",
    "вс",
    "нд",
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
    "понеділок",
    "вівторок",
    "середа",
    "четвер",
    "п'ятниця",
    "субота",
    "неділя", /* ru, uk */
    "pon",
    "wt",
    "śr",
    "czw",
    "pt",
    "sob",
    "niedz", /* pl */
    "po ",
    "út ",
    "st ",
    "čt ",
    "pá ",
    "so ",
    "ne ", /* cs, sk */
    "man",
    "mån",
    "tir",
    "tis",
    "ons",
    "tor",
    "fre",
    "lør",
    "lör",
    "søn",
    "sön", /* da, no, sv */
    "ma ",
    "ti ",
    "ke ",
    "to ",
    "pe ",
    "la ",
    "su ", /* fi */
    "ut ",
    "št ",
    "pi ",
    /* sk */ "lun.",
    "mar.",
    "mie.",
    "joi,",
    "vin.",
    "sâm.",
    "dum.",
    /* ro */ "uto,",
    "sri,",
    "čet,",
    "pet,",
    "sub,",
    "ned,", /* hr */
};

/* How one begins, as it is written, that shares its line with what stands above it. */
static const char *const QUOTE_OPENINGS_WITHIN[] = {"On ", "Am ",  "Le ",   "El ",     "Il ",  "Op ",
                                                    "Em ", "Den ", "Dnia ", "W dniu ", "Στις "};
