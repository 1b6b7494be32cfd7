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
    /* wrapped where programs wrap: the address goes on behind its bracket */
    "Takk\n\n|tir. 17. nov. 2026 kl. 09:15 skrev Kari Nordmann <kari@example.com\n>:\n\n> Hei\n",
    "Danke\n\n|Am 17.11.2026 09:15 schrieb \"Ann Sommer\" <ann@example.com\n>:\n> Hallo\n",
    "Bedankt\n|Op 17 nov. 2026 09:15 schreef \"Ann\" <ann@example.com> het\nvolgende geschreven:\n\n> Hoi\n",
    "Danke\n\n|Ann Sommer <ann@example.com> schrieb am Di., 17.\nNov. 2026 um 09:15 Uhr:\n\n> Hallo\n",
    "Yes\n\n|On Tue, Nov 17, Ann Sommer\n<ann@example.com>\nwrote:\n> Hello\n",
    /* without a colon, or a verb */
    "Yes\n\n|On Tue, 17 Nov 2026 09:15:00 +0100 Ann <ann@example.com> wrote\n\nHello\n",
    "Yes\n|2026/11/17 Ann <ann@example.com>\n\n> Hello\n",
    "Да\n\n|вторник, 17 ноября 2026 г., 9:15 +03:00 от Анна <ann@example.com>:\n\nПривет\n",
    "Tak\n\n|D. 17/11/2026 09.15 skrev \"Ann\" <ann@example.com>:\n\nHej\n",
    "Kiitos\n\n|Ann <ann@example.com> kirjoitti 17/11/2026 9.15:\n\nHei\n",
    "Sì\n\n|In data 17 novembre 2026 09:15:00 \"Ann\" <ann@example.com> ha scritto:\n\nCiao\n",
    "はい\n\n|2026年11月17日火曜日 9:15:00 JST、山田 <yamada@example.com> が書きました:\n\nこんにちは\n",
    "はい\n\n|山田 花さんは 2026/11/17 9:15 に書きました:\n> こんにちは\n",
    "はい\n\n|山田 花さんのメッセージ (2026年11月17日 9:15):\n> こんにちは\n",
    "はい\n\n|(2026/11/17 9:15), 山田 花 wrote:\n> こんにちは\n",
    "はい\n\n|On Tue, 17 Nov 2026 09:15:00 +0900\n山田 花 <hana@example.com> wrote:\n\n> こんにちは\n",
    "はい\n\n|iPhoneから送信\n\n2026/11/17 9:15、山田 花 <hana@example.com>のメール：\n\nこんにちは\n",
    "Em 17 de novembro de 2026 às 16:32:35, Ann (\nann@example.com) escreveu:\n\nOlá\n",
    "Sim\n\n|Em 17 de novembro de 2026 às 16:32:35, Ann (\nann@example.com) escreveu:\n\nOlá\n",
    /* blocks of headers */
    "はい\n\n|Outlook for iOS を入手\n________________________________\n差出人: 山田 花 <hana@example.com>\n送信日時: "
    "Tuesday, November 17, 2026 9:15:00 AM\n宛先: 鈴木\n件名: 靴\n\nこんにちは",
    "はい\n|------------------ 元のメール ------------------\n差出人: 山田\nこんにちは",
    "はい\n\n|----- Original Message -----\nFrom: \"山田 花\" <hana@example.com>\nDate: 2026/11/17, Tue "
    "09:15\nSubject: 靴\n",
    "Oui\n\n|De : Ann<mailto:ann@example.com>\nEnvoyé le :mardi 17 novembre 2026 09:15\nÀ : Bob\nObjet "
    ":Chaussures\n\nBonjour",
    "Oui\n\n|========================\n\nMessage du : 17/11/2026 09:15\nDe : \"Ann\" <ann@example.com>\nA : Bob\n"
    "Sujet :  Chaussures\n\nBonjour",
    "Да\n\n|От: Анна <ann@example.com>\nОтправлено: вторник\nКому: Боб\n\nПривет",
    "はい\n\n|差出人： 山田\n宛先： 鈴木\n日付： 2026/11/17\n件名： 靴\n\nこんにちは",
    "Evet\n\n|-------- İletilen İleti --------\nKonu: Ayakkabı\nKimden: Ann\n",
    /* what is put below all: a list's footer, a telephone, a notice */
    "Fine\n\n|On Mon, 16 Nov 2026 Ann wrote:\n> Hello\n\n_______________________________________________\nshoes "
    "mailing list\n",
    "Fine\n\n|On Mon, 16 Nov 2026 Ann wrote:\n> Hello\n\nSent from my iPhone\n",
    "はい\n\n|2026/11/16 10:00、Ann <ann@example.com>のメール:\n> こんにちは\n\niPhoneから送信\n",
    "Fine\n\n|> Hello\n\nThis e-mail is for the person alone to whom it is addressed, and it is\nconfidential. Whoever "
    "else has it deletes it, and tells us at once that they had it.\n\nShoes "
    "Ltd.\n",
    /* never what the writer wrote: lines above that only look like the first of an introduction */
    "I can come\non 5 May.\n|On Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n> When?\n",
    "Only on Monday, I go\nto the shop.\n|On 16 Nov 2026 10:00, Ann wrote:\n> When?\n",
    "My order 1234 came; see what your colleague bob@example.com wrote:\n|> It comes today.\n",
    "About order 1234 see what your colleague told me and wrote:\n|> It comes today.\n",
    "Am 16.11. kam um 10 Uhr das Paket, und darauf stand:\n|> Vorsicht\n",
    "昨日、鈴木さんが電話で2026年の注文について次のように話していました:\n|> 届きます\n",
    "I ordered 3 of these on 5 May 2026, I read:\n|> They come tomorrow.\n",
    "Write to bob@example.com, order 1234\n|Ann wrote:\n> When?\n",
    "Hi\n|> When?\n>:\n",
    /* nor below: it is answered there */
    "Hi\nOn Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n> When?\n\nVon meinem Konto ist es abgebucht.\n",
    "Hi\nOn Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n> When?\n\nThis message is the third, and nobody "
    "answers.\n",
    "Hi\nOn Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n> When?\n\nSent from my shop were two.\nOnly one came.\n",
    "Hi\nOn Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n\nSoon.\n\n> When?\n> Or later?\nNo.\n",
    "Hi\nOn Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n> When?\n\nThis message is confidential, tell nobody.\n",
    "Hi\nOn Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n> When?\n\nSent from my shop already.\n",
    "Hi\nOn Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n> "
    "When?\n\n----------------------------------------------\nNo.\n",
    "On 5 May 2026 I ordered boots from you, and then\nI got this mail, which you wrote:\n|> They come.\n",
    "At 10:00 I was there\n|Ann wrote:\n> Come at 10:00.\n",
    "Thanks.\nOriginal message:\nI want my money back.\n",
    "On 16 November 2026 at 10:00 you wrote:\n\nIt comes.\n\nBut it has not.\n",
    /* what programs write above the quotation, or where there is none: a signature, the line of a telephone, a list's footer */
    "Fine\n\n|-- \nBob Winter\nShoes Ltd.\n\nOn Mon, 16 Nov 2026 Ann wrote:\n> Hello\n",
    "Fine\n\n|-- \nBob\nTel. +49 30 1234567\n",
    "Fine\n|--\nBob Winter\n",
    "Fine\n|--\nBob Winter - Shoes\nhttps://shoes.example\nOpen every day\n",
    "Fine\n\n|--\n山田 花\n電話 03-1234-5678\n",
    "Fine\n\n|--\nBob\n\nSent from my iPhone\n\nOn Mon, 16 Nov 2026 Ann wrote:\n> Hello\n",
    "Fine\n\n|-- \nBob\n\nThis e-mail is for the person alone to whom it is addressed, and it is\nconfidential. "
    "Whoever "
    "else has it deletes it, and tells us at once that they had it.\n",
    "Hi,\n> When?\nsoon\n\n|-- \nBob\n",
    "Fine\n\n|Sent from BlueMail<https://mail.example/x?y=1>\n",
    "Fine\n\n|Sent from my iPhone\n",
    "Fine\n|Sendt fra min iPad\n\nDen 16. nov. 2026 kl. 10.00 skrev Ann <ann@example.com>:\n\n> Hej\n",
    "Fein\n\n|(Gesendet von meinem Samsung Galaxy)\n\nAm 16.11.2026 um 10:00 schrieb Ann <ann@example.com>:\n> Hallo\n",
    "Fine\n\n|Get Outlook for iOS<https://outlook.example/x>\n________________________________\nFrom: Ann "
    "<ann@example.com>\nSent: Monday\nSubject: Shoes\n\nHello\n",
    "Fine\n\n|____\nShoes mailing list\nshoes@lists.example\nhttps://lists.example/shoes\n",
    "Fine\n\n|> Hello\n\n__\nShoes mailing list\nhttps://lists.example/shoes\n",
    "Fine\n\n|> Hello\n\n--\nMy name is Bob\n",
    "Fine\n\n|> Hello\n\n-- \nwith warm feet, Bob\n",
    "Fine\n\n|> Hello\n\n--\nTo leave these letters send the word \"unsubscribe\" in the first line of a mail\nto "
    "shoes@lists.example\n",
    "Fine\n\n|> Hello\n\n-- \nBob Winter, head of the workshop for boots of all sizes - https://shoes.example/bob\n",
    /* never what only looks so */
    "Please note my holidays\nFrom: 5 May 2026\nDate: until 7 May 2026\nSubject: none\n",
    "Fine\n--\nI want to unsubscribe from the letters of https://shoes.example but I cannot\n",
    "The first comes.\n--\nThe second does not, I wait for it.\n",
    "Which?\n--\nthe red ones\n",
    "Deliver to:\n\n-- \nBob Winter\nBerlin\n",
    "Fine\n\n-- \nBob\nI need them until Friday\n",
    "はい\n\n--\n赤い方をお願いします\n",
    "Fine\n--\nwww.shoes.example/boots is the page with those I mean\n",
    "Fine\n____\nThe mailing list is full, I cannot leave it\n",
    "Fine\nSent from my android shop: two boots\n",
    "Which?\n--\nSize 42\n",
    "Fine\n\n-- \nBob\n\nP.S. the red ones, please\n",
    "Fine\n\n-- \nBob\n\nAnd when do the others come?\n",
    "はい\n\n-- \n山田\n\n注文番号は明日また電話でお伝えします。\n",
    "Fine\n\n-- \nBob\n\nBy the way, the parcel that you sent me last week had no laces in it\nat all.\n",
    "Left\n--\nAnn\n--\nRight\n",
    "Fine\n\nSent from my shop in Berlin\n",
    "Sent from my iPhone\n",
    "-- \nBob\n",
    "Sent from my iPhone\n\n|On Mon, 16 Nov 2026 Ann wrote:\n> Hello\n",
    "Sent from my iPhone it was, and the number of the order stands below the picture of it\n",
    "Fine\nSent from my iPhone\n\nBut when?\n",
    "Fine\n____\nThe blue ones\n",
    "Hi\nOn Mon, 16 Nov 2026, Ann <ann@example.com> wrote:\n> When?\n\n--\nOn Friday, if that is not too late for "
    "you.\n",
    /* an introduction between rules, over lines with an empty one, at the end of a line */
    "Yes\n\n|---- On Tue, 17 Nov 2026 09:15:00 +0100 Ann <ann@example.com> wrote ----\n\nHello\n",
    "Yes\n\n|------ On 17/11/2026 9:15, Ann wrote ------\n\nHello\n",
    "Yes\n\n|---- Ann Sommer wrote ----\n\n> Hello\n",
    "Yes\n\n|On Tue, 17 Nov 2026 at 09:15 Ann Sommer\n\n<\nmailto:Ann Sommer <ann@example.com>\n> wrote:\n\nHello\n",
    "Yes\n\n|On Nov 17, 2026,\nat 9:15,\nAnn Sommer <ann@example.com> wrote:\n\n> Hello\n",
    "Yes\n\n|On 17-Nov-2026, at 9:15 AM, Ann Sommer <ann@example.com> sent:\n\n> Hello\n",
    "Yes| On Tue, Nov 17, 2026 at 9:15 AM, ann@example.com wrote:\n> Hello\n",
    "Yes|--- On Tue, 17 Nov 2026, Ann <ann@example.com> wrote:\n> Hello\n",
    "---- Ann wrote ----\nall of this is mine\n",
    "---- This I wrote ----\n\nHello\n",
    "My words as I told you on Tue, Nov 17, 2026 at 9:15 AM, ann@example.com wrote:\n|> Hello\n",
    "Yes\n\n10.15 Ann says <ann@example.com>: nothing\nfrom 10.20 on.\n\n<bob@example.com>:\n\nthe same\n",
    "I was there on 17 Nov 2026,\nat 9:15,\n|Ann wrote:\n> Hello\n",
    "On 5 May 2026 I ordered these from you (shop@example.com):\n\nblue boots\n",
    "On 5 May 2026 I wrote to <shop@example.com>:\n|> where are my boots\n",
    "Hi\n\nItems sent:\n|> boots\n",
    /* more languages, and more programs in them; marked or not */
    "Danke\n\n|Am Dienstag, 17. November 2026 um 09:15:00 MEZ hat Ann Sommer <ann@example.com> Folgendes "
    "geschrieben:\n\nHallo,\nsind sie warm?\n",
    "Obrigada\n\n|Ann Sommer <ann@example.com> escreveu (terça, 17/11/2026 à(s) 09:15):\n\nOlá\n",
    "Köszönöm\n\n|Ann Sommer <ann@example.com> ezt írta (időpont: 2026. nov. 17., K, 9:15):\n\n> Helló\n",
    "Ďakujem\n\n|ut 17. 11. 2026 o 9:15 Ann Sommer <ann@example.com> napísal(a):\n\nAhoj\n",
    "Mulțumesc\n\n|mar., 17 nov. 2026 la 09:15, Ann Sommer <ann@example.com> a scris:\n\nBună\n",
    "Благодаря\n\n|На вт, 17.11.2026 г. в 9:15 Ann Sommer <ann@example.com> написа:\n> Здравей\n",
    "شكرا\n\n|في الثلاثاء، 17 نوفمبر 2026 في 9:15 ص تمت كتابة ما يلي بواسطة Ann Sommer <ann@example.com>:\n\nمرحبا\n",
    "شكرا\n\n|في ١٧ نوفمبر ٢٠٢٦، الساعة ٩:١٥ ص، كتب Ann Sommer <ann@example.com>:\n\n> مرحبا\n",
    "תודה\n\n|\xe2\x80\xabבתאריך יום ג׳, 17 בנוב׳ 2026 ב-9:15 מאת \xe2\x80\xaa"
    "Ann\xe2\x80\xac\xe2\x80\x8f <\xe2\x80\xaa"
    "ann@example.com\xe2\x80\xac\xe2\x80\x8f>:\xe2\x80\xac\n\n> שלום\n",
    "Hvala\n\n|uto, 17. stu 2026. u 09:15 Ann Sommer <ann@example.com> napisao je:\n> Bok\n",
    "Aitäh\n\n|Kuupäev T, 17. november 2026 kell 09:15 kirjutas Ann Sommer <ann@example.com>:\n> Tere\n",
    "Ačiū\n\n|2026-11-17, an, 09:15 Ann Sommer <ann@example.com> rašė:\n\nLabas\n",
    "Dziękuję\n\n|Wiadomość napisana przez Ann Sommer <ann@example.com> w dniu 17 lis 2026, o godz. 09:15:\n\n> "
    "Cześć\n",
    "Teşekkürler\n\n|Ann Sommer <ann@example.com> şunları yazdı (17 Kas 2026 09:15):\n\n> Merhaba\n",
    "Gràcies\n\n|El 17 nov 2026, a les 9:15, Ann Sommer <ann@example.com> va escriure:\n\nHola\n",
    "Kiitos\n\n|Ann Sommer kirjoitti 17.11.2026 klo 9.15:\n> Hei\n",
    "감사합니다\n\n|2026-11-17 오전 9:15에 Ann Sommer 이(가) 쓴 글:\n> 안녕하세요\n",
    "Sim\n\n|De: Ann <ann@example.com>\nEnviada em: terça-feira, 17 de novembro de 2026 09:15\nPara: Bob\nAssunto: "
    "Botas\n\nOlá\n",
    "Tak\n\n|Od: Ann <ann@example.com>\nWysłane: wtorek, 17 listopada 2026 09:15\nDo: Bob\nTemat: Buty\n\nCześć\n",
    "نعم\n\n|من: Ann <ann@example.com>\nتم الإرسال: 17 نوفمبر 2026\nإلى: Bob\nالموضوع: حذاء\n\nمرحبا\n",
    "Да\n\n|От: Ann <ann@example.com>\nИзпратено: 17 ноември 2026\nДо: Bob\nОтносно: Обувки\n\nЗдравей\n",
    "Vâng\n\n|Từ: Ann <ann@example.com>\nĐã gửi: 17 tháng 11, 2026\nĐến: Bob\nChủ đề: Giày\n\nChào\n",
    "Taip\n\n|Nuo: Ann <ann@example.com>\nIšsiųsta: 2026-11-17\nKam: Bob\nTema: Batai\n\nLabas\n",
    "Danke\n\n|##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. -##\n\nIhre Anfrage (7) wurde bearbeitet.\n",
    "Merci\n\n|##- Veuillez taper votre réponse au-dessus de cette ligne. -##\n\nVotre demande\n",
    "はい\n\n|##- この行より上に返信を入力してください -##\n\nお問い合わせ\n",
    /* a link that was too long for its quoted line; and what is none */
    "Fine\n\n|On Mon, 16 Nov 2026 Ann wrote:\n> See them (https://shoes.example/boots\n?size=42)\n>\n> Hello\n",
    "Fine\n\n|> See them <https://shoes.example/boots\n/winter/42>\n",
    "Fine\n\n> See them (https://shoes.example/boots\nyes)\n|> Hello\n",
    "Fine\n\n> See them (https://shoes.example/boots)\n42)\n|> Hello\n",
    /* rules of any length above a block; a block, or a rule with words, within what is marked */
    "Oui\n\n|====\n\nMessage du : 17/11/2026 09:15\nDe : \"Ann\" <ann@example.com>\nA : Bob\nSujet : "
    "Chaussures\n\nBonjour",
    "Ja\n\n|-------- Oprindelig besked --------\nFra: Ann <ann@example.com>\nDato: 17.11.2026 09.15\nEmne: "
    "Sko\n\nHej\n",
    "Danke\n\n|Am Di., 17. Nov. 2026 um 9:15 Uhr schrieb Ann Sommer <\nann@example.com>:\n\n> Hallo\n>\n> Begin "
    "forwarded message:\n>\n> *From:* Bob <bob@example.com>\n> *Subject:* Shoes that are\nwrapped here\n>\n> Hello\n",
    "Danke\n> Hallo\n\nJa.\n\n|> ----- Original Message -----\n> From: Bob\n",
    /* nothing to fold */
    "On 5 May 2026 Ann wrote:\nall of this is mine.\n",
    "I think that\non 5 May Ann wrote: nothing.\n",
    "-- \nBob\n-- \nMore of mine\n",
    "Original message\nis what I want back.\n",
    "To 5\nbob@example.com\nto 12\n",
    "From: me\nSubject: to change\nDate\n",
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
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(MAILS); i++) {
        char *text = strdup(MAILS[i]), *mark = strchr(text, '|');
        long expected = mark ? mark - text : -1;
        if (mark)
            memmove(mark, mark + 1, strlen(mark));
        long found = quote_find(text, true);
        if (found != expected)
            print_error("case %zu, found %ld:\n%s\n", i, found, MAILS[i]);
        wrong += found != expected;
        free(text);
    }
    assert_int_equal(wrong, 0);
}

/* What answers nothing has no history, whatever it looks like; but what is marked line by line is quoted. */
static void test_first_mails(void **state)
{
    (void)state;
    assert_int_equal(quote_find("New request\n\nFrom: Ann\nDate: Monday\nSubject: Shoes\n\nHello", false), -1);
    assert_int_equal(quote_find("Look\n---------- Forwarded message ---------\nFrom: Ann\n\nHello\n", false), -1);
    assert_int_equal(quote_find("Yes\nOn Mon, 16 Nov 2026, Ann <a@b.example> wrote:\nHello\n", false), -1);
    assert_int_equal(quote_find("Yes\nOn Mon Ann wrote:\n> Hello\n", false), 4);
    assert_int_equal(quote_find("I need boots.\n\n-- \nBob\nTel. +49 30 1234567\n", false), -1);
    assert_int_equal(quote_find("I need boots.\n\nSent from my iPhone\n", false), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mails),
        cmocka_unit_test(test_first_mails),
    };
    return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
