import type { Language } from './language.ts';

export const en: Language = {
  tag: 'en',
  mail: {
    customer: ['Hello,', 'Best wishes,\n{full}'],
    agent: ['Dear {first},', 'Kind regards,\n{agent}\nAoyama & Finch, tea and ceramics'],
  },
  days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  subjects: {
    delivery: ['Where is my order {order}?', 'Delivery of {order}', 'Parcel not here yet'],
    return: ['Returning {item}', 'Return of order {order}'],
    size: ['How big is the {ware}?', 'Question about sizes'],
    invoice: ['Invoice for {order}', 'VAT invoice please'],
    gift: ['Gift wrapping', 'A present for my mother'],
    faulty: ['Broken on arrival: {ware}', 'Crack in the {ware}'],
    pickup: ['Picking up {order} in {store}', 'Click and collect'],
    points: ['My loyalty points', 'Points missing for {order}'],
    product: ['A question', 'Something I would like to know'],
    change: ['Please change my order {order}', 'Wrong address on {order}'],
  },
  dialogues: {
    delivery: [
      `C: I ordered the {item} a week ago and the tracking has said "in transit" since Monday. Could you find out where it is? The order number is {order}.
A: Thank you for telling us. Order {order} left our warehouse on time, but the carrier missed a scan at the depot. I have asked them to look for it today and will write to you by {day} at the latest, with the parcel or with a replacement.
N: Carrier case opened for {track}. They answer within 24 hours.
C: Thank you, that is kind. There is no great hurry.
A: Good news: the parcel was found and is out for delivery today. The tracking number is still {track}.
C: It is here, and nothing broke. Thanks for chasing it.`,
      `C: Hi! Is there any way to get order {order} before {day}? We have guests.
A: Hello {first}, I have moved it to express at no charge. It leaves this afternoon and should be with you tomorrow before noon.
C: Wow, that was quick. Thank you!`,
      `C: The driver left a card but I was at home all day. What now?
A: I am sorry, that should not happen. I have booked a second delivery for {day} between 9 and 12; you can also fetch it from the depot from tomorrow on with the card.
C: {day} morning works for me.`,
      `C: Tracking says delivered but there's nothing at my door and the neighbours have nothing either
A: That is annoying, {first}. The carrier's photo shows a green door with the number 14. Is that yours?
C: no, we're at 41. that explains it
A: I have asked the driver to fetch it back. If it is not with you by tomorrow evening we send a new one, you need not do anything.
N: Third time this month for this driver's round. Told logistics.
C: they just brought it, all good`,
    ],
    return: [
      `C: The {ware} is lovely, but a size too large for our cupboard. May I send it back?
A: Of course. I have attached a return label for order {order}; any post office takes it. You have 30 days, and the money is back within three days of its arrival here.
C: Posted today, thank you for making that easy.
A: It arrived safely and the refund is on its way to your card.`,
      `C: Can I return tea that I have opened? We just do not like the smoky one.
A: Opened tea we cannot sell again, but nobody should be stuck with a tea they do not like. Keep it for a friend; I have put the price on your account as credit.
C: That is very generous, thank you!`,
      `C: I sent back {order} ten days ago and have heard nothing.
A: Thank you for asking. It reached us on {day} and was put on the wrong shelf, which is our fault. I have refunded it just now and added 200 points for the wait.
N: Returns desk: parcel was scanned without its order number.
C: Seen it on my statement. Thanks.`,
    ],
    size: [
      `C: How many cups does the {pot} hold? The page says 450 ml, is that to the brim?
A: To the brim it is 450 ml; filled comfortably it gives two large cups or four small ones.
C: Perfect for the two of us. Ordering now.`,
      `C: What is the diameter of the {ware}? I want it to fit an old tray.
A: It is 9.4 cm at the foot and 12 cm at the rim. If you send me a photo of the tray with a ruler I am happy to check.
C: 12 will fit exactly, thanks!`,
    ],
    invoice: [
      `C: My accountant needs an invoice for {order} with our VAT number on it. Can you send one as PDF?
A: Certainly. Which VAT number and which company name should it carry?
C: Finchley Tea Room Ltd, GB 123 4567 89.
A: Here it is, attached. I have saved the number, so that your next invoices carry it by themselves.
C: Great, thank you.`,
      `C: I was charged twice for {order}!
A: Let me look. One of the two is only a reservation by your bank and is released by {day}; we have taken the amount once. I have attached the payment record.
C: You are right, it has gone already. Sorry for the fuss.
A: No fuss at all. Enjoy the tea!`,
    ],
    gift: [
      `C: Could you wrap the {item} and put in a card that says "For fifty years, with love"? It goes straight to my parents.
A: With pleasure. It gets our washi paper and a handwritten card, and no price in the parcel. Shall it arrive on a certain day?
C: {day} would be wonderful.
A: Noted: it leaves in time for {day}.
N: Card handwritten, wording checked with the customer. Ship without invoice.
C: They were delighted, thank you so much for the card.`,
      `C: do you do gift vouchers?
A: We do, {first}: any amount from 20 upwards, by email or as a printed card. They are valid in the shops too.
C: perfect, thanks`,
    ],
    faulty: [
      `C: Sadly the {ware} from order {order} arrived with a crack from rim to foot. Photos attached. What do you need from me?
A: I am so sorry, {first}. Nothing more, the photos say it all. A new one leaves today; please throw the cracked one away or keep it for kintsugi.
N: Second crack from this kiln batch. Told purchasing to check the rest.
C: Kintsugi is a nice thought! Thank you for the quick help.`,
      `C: The lid of the {pot} does not sit right, it rattles and drips.
A: Thank you for the video. That lid belongs to another pot of the same series, they were swapped when packing. I send the right one today.
C: Fits perfectly now.
A: Wonderful. Please keep the other lid as a spare spoon rest.`,
      `C: One of the two pieces of {ware} is glazed differently from the picture, much darker. Is that a fault?
A: Each one is wood-fired, so the colour depends on where it stood in the kiln. If you would like a lighter one I can pick one by hand and exchange it.
C: No, knowing that I rather like it. Keep it as it is.`,
    ],
    pickup: [
      `C: Is order {order} ready to be picked up in {store}?
A: It is on the shelf behind the counter under your name. Please bring the order number; we are open until seven.
C: Great, I will come by after work.`,
      `C: I cannot make it to {store} this week. Can you keep {order} a little longer?
A: No problem. I have set it aside until {day} next week.
N: Rang the shop: shelf C, note with the new date is on it.
C: Thank you!`,
    ],
    points: [
      `C: I bought something in the {store} shop yesterday and the points are not on my account.
A: The till had no card number for that sale. With the receipt number I could book them: you should now see {points} points.
C: I see them now. Am I close to {tier}?
A: Very: another 140 points and you are there until the end of next year.`,
      `C: Do my points expire?
A: They stay for two years after the last purchase, so yours are safe for a long while. You have {points} at the moment.
C: good to know, thank you`,
    ],
    product: [
      `C: What temperature for the {tea}? Mine comes out bitter.
A: Try 70 degrees and one minute, five grams to a cup. If you have no thermometer: pour the water from cup to cup twice, that brings it down.
C: What a difference. Thank you!`,
      `C: Is the {ware} safe in the dishwasher?
A: The glaze would survive it, but the unglazed foot takes up the detergent. We wash ours by hand with hot water only.
C: By hand it is, then.`,
      `C: When will the {ware} be back in stock? It has been sold out for weeks.
A: The potter fires again in two weeks. I have put you on the list: you get a message as soon as it is here, a day before everybody else.
C: Lovely, I'll wait.`,
      `C: Which of your teas has the least caffeine? I love a cup in the evening.
A: Our houjicha, by far: roasted twigs hold very little. The buckwheat tea has none at all. I can put a sample of both into your next parcel.
C: Yes please, both!
N: Add two samples (houjicha, soba-cha) to the next order.`,
    ],
    change: [
      `C: I have just ordered and gave my old address! It must go to 12 Mill Lane, not 3 High Street.
A: Changed in time, {first}: order {order} goes to 12 Mill Lane.
C: You are a star.`,
      `C: Can I still add a second {item} to order {order}?
A: It had not been packed yet, so I have added it. The difference of the price is on the same card; no extra postage.
C: Thanks!`,
      `C: Please cancel {order}, I ordered the wrong one by mistake.
A: Cancelled, and the amount is released at once. Would you like me to set the right one aside for you?
C: No need, I have ordered it already. Thank you.`,
    ],
  },
  thanks: ['Thank you so much!', 'Brilliant, thanks.', 'Thanks a lot, have a nice day.', '👍 thank you'],
  campaigns: ['First flush is here: new green teas', 'The winter kiln: 40 new bowls', 'Your birthday month: double points', 'Last days of the spring sale'],
  greeting: 'Welcome to Aoyama & Finch! Ask us anything about tea and pots.',
  surveys: [
    [5, 'Quick, kind, and they really read what I wrote.'],
    [5, 'Best tea shop there is.'],
    [4, 'Good help, took a day to hear back.'],
    [3, 'All right in the end.'],
    [2, 'Had to explain it twice.'],
  ],
  calls: [
    'Asked when the parcel comes; told the tracking number {track}.',
    'Wanted to know the opening hours of {store} at the weekend.',
    'Asked whether order {order} can be gift wrapped. Done.',
    'Reported a chipped cup; a new one is on its way.',
  ],
};
