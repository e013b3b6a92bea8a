"""English pictures and lines."""

# One card a line reads best, however long.
# ruff: noqa: E501
# fmt: off

from __future__ import annotations

from webapp.services.writers.builtin.texts.base import Card, Texts, World

_WORLDS = {
    "city": World(
        later=("Same street, two minutes later.", "Tram stop, the crowd thinning out."),
        hooks=(
            Card("The city wins again", "Blue light, a tram stop. {N} stands still while commuters stream past on both sides like water around a stone.", "The city never waits for anyone."),
            Card("Barely awake", "{N}'s face against a tram window, eyes half shut. Street lamps slide across the glass.", "Awake is a strong word."),
            Card("Running late", "{N} hurries through a station hall, coat half on, bag swinging. Every clock on the wall agrees: too late.", "Late. Again."),
        ),
        problems=(
            Card("One door too late", "The tram doors close right in front of {N}. Breath on the glass. Inside, nobody looks up.", "Something always gets in the way."),
            Card("Nine percent left", "A phone in {N}'s hand: three missed calls, nine percent battery. A thumb hovers and gives up.", "And it is only Monday."),
            Card("Coffee on concrete", "From above: a paper cup has tipped over on the platform. Hundreds of shoes step around it without slowing down.", "Some days are against you."),
        ),
        afters=(
            Card("The same stop, easier", "The same stop in full daylight. {N} leans against the shelter, in no hurry, and lets one tram go by.", "Same city. Better mood."),
            Card("Against the stream", "The square from a balcony: everyone rushes one way. {N} strolls the other way, unhurried, through the sun.", "Everyone runs. You don't have to."),
            Card("That small smile", "{N}'s face by the tram window, now wide awake. The corner of the mouth gives the secret away.", "You can see the difference."),
        ),
    ),
    "home": World(
        later=("Kitchen, a minute later.", "The living room, evening light."),
        hooks=(
            Card("Seven in the morning", "A kitchen at full volume: cereal on the floor, a dog under the table, a school bag upside down. {N} stands in the middle of it, perfectly still.", "Mornings at home: a live event."),
            Card("Three seconds of peace", "{N} with closed eyes and a warm mug, close to the lens. Off screen something falls and breaks. The eyes stay shut.", "Enjoy the silence. It lasts three seconds."),
            Card("The hallway race", "The camera chases {N} down the hallway: one shoe on, a jacket under the arm, small feet running ahead.", "Nobody trains for this. Everybody runs it."),
        ),
        problems=(
            Card("The list grows", "{N} pins one more note to a fridge door that is already full. The magnet gives up and everything slides down.", "There is always one more thing."),
            Card("Not again", "{N}'s hand opens a drawer, then another, then all of them. What is needed is never where it should be.", "You have looked everywhere. Twice."),
            Card("Table, after the storm", "The kitchen table from above: crumbs, crayons, a letter from school, a puddle of milk slowly finding the edge.", "The day has barely started."),
        ),
        afters=(
            Card("Somebody is humming", "The same kitchen, tidy enough. {N} hums over the sink while the family laughs next door.", "So this is what calm sounds like."),
            Card("Sunday on a Tuesday", "Wide on the living room at dusk: {N} on the rug, everyone piled on the sofa, one lamp on.", "An ordinary evening. A very good one."),
            Card("Small hand, big hand", "A small hand slips into {N}'s hand on the table edge. Both hold still.", "This is what it was all for."),
        ),
    ),
    "office": World(
        later=("The desk, an hour later.", "Meeting room, blinds half open."),
        hooks=(
            Card("Last light on", "A dark office floor seen from outside, one window still lit. Behind the glass sits {N}, alone with the screen.", "Somewhere, someone is still at it."),
            Card("Forty-one tabs", "Screen light on {N}'s face. In the glasses we see tabs opening, and opening, and opening.", "You only wanted to do one thing."),
            Card("The long corridor", "{N} walks fast down a glass corridor. From every door somebody leans out with one more question.", "Got a minute? Everybody asks."),
        ),
        problems=(
            Card("Meeting about the meeting", "A table of tired faces. {N} looks at the whiteboard, where the only word left is “next”.", "Busy is not the same as done."),
            Card("It says loading", "{N}'s finger taps the desk. On the screen a small wheel turns, patient and useless.", "This is where the day goes."),
            Card("Desk, buried", "The desk from above: sticky notes, three cups, a calendar without one white square. {N}'s hand looks for a pen.", "Work about work. It adds up."),
        ),
        afters=(
            Card("Laptop closed at five", "{N} closes the laptop. Outside it is still light. A colleague checks the clock, surprised.", "Done. And it is still light outside."),
            Card("Room to breathe", "Wide on the office in the morning: empty desks, open windows, {N} with feet up, thinking for once.", "Turns out there was time all along."),
            Card("A quiet nod", "{N}'s face, eyes on the result. A nod you would miss if you blinked.", "You know that feeling. It finally fits."),
        ),
    ),
    "outdoors": World(
        later=("The trail, a little higher up.", "The edge of the forest, breath in the air."),
        hooks=(
            Card("Before the sun", "Grey light over hills. A tiny figure, {N}, ties a shoe at the bottom of a very long path.", "The hill does not care how you slept."),
            Card("The eyes decide", "{N}'s face, wet with rain, looking straight up at something we cannot see yet.", "You could turn around. You won't."),
            Card("First hundred steps", "Low beside {N}'s shoes: gravel, puddle, gravel. The breath sets the rhythm.", "It starts before you are ready."),
        ),
        problems=(
            Card("The wall", "{N} stops, hands on knees. The path ahead goes on, steeper, as if to make a point.", "There is always a point where it gets hard."),
            Card("Almost nothing left", "{N}'s hand shakes out the last drop, the last crumb, the last bit of patience.", "And that was the easy part."),
            Card("The wrong gear", "A bench from above: half a kit spread out, wet, tangled, one thing clearly missing. {N}'s hands count again.", "The one thing you need stayed at home."),
        ),
        afters=(
            Card("Over the ridge", "{N} crosses the ridge and the light arrives with the last step. No cheering, only wind.", "Worth every step."),
            Card("Small figure, big sky", "Very wide: {N} on the summit, arms down, head back, clouds moving fast.", "Up here it all makes sense."),
            Card("Salt and sunlight", "{N}'s face, salt on the skin, sun in the eyes, and a laugh that comes by itself.", "That look cannot be bought."),
        ),
    ),
    "table": World(
        later=("The same table, candles lit.", "Kitchen counter, steam in the air."),
        hooks=(
            Card("The doorbell, too early", "An empty kitchen, evening sun. The doorbell rings. {N} looks up from a bowl, flour to the elbows.", "They are early. They are always early."),
            Card("The first taste", "{N}'s face over a wooden spoon. The eyes close. The verdict takes its time.", "Something is missing. You know it."),
            Card("Ten hands, one bowl", "The camera circles a loud table with {N} at the head: hands reach across, glasses touch, everybody talks at once.", "Everyone is hungry. Nobody wants to wait."),
        ),
        problems=(
            Card("Smoke signals", "{N} fans smoke away from the stove with a tea towel. From the next room, polite silence.", "It looked so simple in the video."),
            Card("Nearly empty shelf", "{N} opens the fridge. Its light falls on half a lemon and a jar nobody can date.", "What now?"),
            Card("Twelve plates, one cook", "The counter from above: bowls, peel, three timers running. {N}'s hands cannot be everywhere.", "One pair of hands. Too many plans."),
        ),
        afters=(
            Card("Seconds, please", "{N} leans back in the chair while an empty plate comes around for the second time.", "Nobody asks for the recipe of something boring."),
            Card("The long table", "Wide on the courtyard at dusk: one long table, lamps in the trees, {N} finally sitting down.", "Good evenings are simple."),
            Card("The verdict", "{N} watches a guest take the first bite. One second. Then both begin to grin.", "That face says it all."),
        ),
    ),
    "calm": World(
        later=("The mirror, a minute later.", "Bedroom, curtains moving."),
        hooks=(
            Card("Before the world starts", "A bathroom in soft morning light. {N} sits on the edge of the tub, alone with the sound of water.", "Five minutes. Just yours."),
            Card("Mirror, honest light", "{N}'s face in a mirror, no filter, no hurry. A finger follows a tired line under the eye.", "Some mirrors are a bit too honest."),
            Card("Still switched on", "Night. The camera glides over the bed to {N}, wide awake, the clock glowing beside the pillow.", "Tired is easy. Resting is hard."),
        ),
        problems=(
            Card("Too much of everything", "{N} faces a shelf of half-used bottles, puts one back, takes the next, puts it back too.", "More is not always more."),
            Card("Three in the morning", "{N}'s eyes reflect the clock. A minute changes. Nothing else does.", "You cannot rush a quiet moment."),
            Card("The whole shelf", "From above: everything that promised a miracle, lined up on white tiles. {N}'s hand sweeps it aside.", "You have tried it all. Almost."),
        ),
        afters=(
            Card("Skipping the mirror", "{N} walks past the mirror, stops, steps back, smiles at what is there, and goes.", "Feeling good shows."),
            Card("Open window", "Wide on a bright room: {N} at the open window, shoulders low, curtains breathing.", "Take a deep breath. That's the whole plan."),
            Card("Asleep at last", "{N}'s face on the pillow, lit by early sun, entirely at peace.", "Quiet. Finally."),
        ),
    ),
    "shop": World(
        later=("Behind the counter, a little later.", "The workshop, dust in the light."),
        hooks=(
            Card("Shutters up", "A narrow street at dawn. {N} rolls up the shutter of a small shop; the sound wakes the pigeons.", "First one up on this street. Every day."),
            Card("Hands that know", "{N}'s face over the workbench, a pencil behind the ear, measuring something twice.", "You know your trade by heart."),
            Card("Everyone at once", "The camera weaves through a full shop: {N} rings up, wraps, answers the phone, all in one move.", "You love this job. Most of it."),
        ),
        problems=(
            Card("Paperwork by night", "Closed sign on the door. {N} sits over a shoebox of receipts under a single lamp.", "The real work starts after closing time."),
            Card("The bell stays silent", "{N} looks at the door. The bell above it does not move. Outside, people walk past.", "Being good is not enough. People have to know."),
            Card("Too many lists", "The counter from above: order book, calculator, cold coffee, and {N}'s hand crossing out the same line again.", "You never opened a shop to do this."),
        ),
        afters=(
            Card("Sold out, smiling", "{N} turns the sign to “sold out” and laughs at it like at a good joke.", "There are worse problems."),
            Card("The queue outside", "Wide on the street: a queue from the door to the corner, {N} waving from the step.", "Word gets around."),
            Card("Evening, till closed", "{N}'s face in the last sun of the day, apron off, keys in hand.", "Home in time. That's new."),
        ),
    ),
}

_THING = (
    Card("Out of the shadow", "{P}, alone on a dark surface. A strip of light moves in from the left and draws its outline."),
    Card("Close enough to touch", "{P} so close that only material and edges remain. The focus travels slowly to the name."),
    Card("Placed with care", "{P} set down in the centre of a clean table. The first thing here that stands still."),
    Card("In good hands", "{N} picks up {P} and, for the first time today, stops rushing."),
    Card("Everything in its place", "From above: {P} in the middle, everything from earlier swept to the edge of the frame. {N}'s hand comes in."),
    Card("Through their eyes", "We see what {N} sees: two hands, daylight, {P}. The noise around it fades out."),
)
_SCREEN = (
    Card("One clear screen", "{P} on a screen on an otherwise empty desk. The page is calm: one line, one button."),
    Card("The one tap", "Extremely close on the glass: a fingertip lands, {P} answers at once, light spreads from the point."),
    Card("It simply opens", "A phone lies on the table, {P} in bright clear colours. Everything around it goes out of focus."),
    Card("Shoulders drop", "{N} looks at {P} on the screen, reads, taps once, and leans back."),
    Card("Over the shoulder", "Past {N}'s shoulder we read along: {P} open, the last item checked off, a clean page."),
    Card("A thumb's work", "We see what {N} sees: {P} in the hand, three easy taps, done before the kettle boils."),
)
_SERVICE = (
    Card("The door opens", "A street in warm light, one open door. {P} in clear letters next to it."),
    Card("A real welcome", "A handshake, close. Sleeves, daylight, a smile just inside the frame: {P} says hello."),
    Card("The name on the glass", "{P} in clean letters on a pane of glass. Behind it, out of focus, somebody is already on the way."),
    Card("Someone listens", "{N} sits across from someone from {P} and talks. Nobody interrupts. Notes are taken by hand."),
    Card("It is in hand", "Past {N}'s shoulder: a person from {P} turns a page around and points to one clear line."),
    Card("Walked through it", "The camera goes along with {N}, step by step, led by {P} from the door to a place by the window."),
)

TEXTS = Texts(
    women=("Maya", "Nora", "Ida", "Ruth", "Leila", "Grace"),
    men=("Tom", "Ben", "Leo", "Malik", "Jonah", "Sam"),
    worlds=_WORLDS,
    thing=_THING,
    screen=_SCREEN,
    service=_SERVICE,
    message=(
        Card("Three quick looks", "Three short looks at what counts, cut on the beat: {P}, {N}'s face, {P} again. One part of the message over each."),
        Card("Said out loud", "{N} in front of a plain wall, straight to camera. The message appears beside the face, word by word."),
    ),
    crowd=(
        Card("All kinds of people", "Fast portraits, same framing, different lives: a baker, a student, a grandfather, {N}. Each holds the look for a beat."),
        Card("Down the whole street", "The camera travels past one window after another. Behind each, a different evening; behind each, {P}."),
    ),
    talk=(
        Card("No script, just {N}", "{N} on a kitchen chair, daylight from the side, straight to camera. A short laugh before the first word.", "I did not believe it either."),
        Card("How it was before", "Close on {N}'s face. The look drifts to the window while the memory comes back.", "Honestly? Before, I had simply given up."),
        Card("Let me show you", "{N} reaches out of frame, comes back with {P}, and shows it to us the way you show a friend.", "Then somebody told me about {P}."),
        Card("And now", "{N}, closer than before, shoulders relaxed, answers a question we did not hear.", "Now? I would not go back."),
    ),
    split=(
        Card("Same day, two ways", "Split screen, one room, one clock. Left: {N} in a mess. Right: {N} with a free hand.", "Same day. Two ways to spend it."),
        Card("Left without, right with", "Split screen: on the left the old way goes on and on; on the right {P}, and {N} is done.", "Left: the usual way. Right: {P}."),
        Card("One side wins", "The dividing line slides left until only the bright half remains, with {N} in it.", "You have seen both. You choose."),
    ),
    clock=(
        Card("The clock is running", "A station clock fills the frame. The second hand jumps. {N} looks up from below.", "The clock is running."),
        Card("Going, going", "A shelf in fast motion: hands come in from all sides until a single {P} is left under the lamp.", "This will not last for ever."),
        Card("Just made it", "{N} slips through a closing door, turns around and breathes out, laughing.", "Just in time."),
    ),
    still=(
        Card("Nobody here yet", "Wide on an empty room at dawn. Dust turns in the light. Something is about to begin."),
        Card("Steam and glass", "Close on a window pane, fogged over. A single drop draws a clear line down through it."),
        Card("Things left behind", "From above: keys, a ticket, a cold cup, arranged by nobody. The light moves across them."),
        Card("Light through the day", "One place, three times of day, in dissolves: blue, white, gold. Nobody passes through."),
    ),
    ends=(
        Card("Logo and last word", "End card. The logo in the centre on a calm ground in the brand colour, {P} below it, then the call to action as one clear line."),
        Card("The name stays", "{P} in the last light, large and still. The call to action settles beside it; the logo follows."),
        Card("One line to keep", "End card. Everything clears away until only the logo and one line are left, easy to read on a phone."),
        Card("From picture to logo", "End card. The last picture blurs into a field of brand colour; the logo comes forward, the call to action under it."),
    ),
    times=("6:42 am", "9:15 am", "12:30 pm", "4:05 pm", "7:20 pm"),
    lines={
        "hook": ("You know this moment.", "It starts the same way every time.", "Let's be honest for a second.", "Picture this.", "Every day has a moment like this."),
        "hook.energetic": ("Ready? Go.", "Blink and you'll miss it.", "No warm-up. Straight in.", "Wake up. This is it."),
        "hook.funny": ("Everything is fine. Totally fine.", "It went well. For about a minute.", "Spoiler: it gets worse first.", "A true story, sadly."),
        "hook.warm": ("Remember when it felt easy?", "Some things stay with you.", "It begins with something small.", "There are days you feel everything."),
        "hook.premium": ("Some things deserve your full attention.", "Quality is quiet.", "Less, but better.", "Nothing here is left to chance."),
        "hook.urgent": ("Stop for a second.", "Not tomorrow. Now.", "This is the moment.", "Today counts."),
        "question": ("Sound familiar?", "What if this was easier?", "When did this get so hard?", "Isn't there a better way?", "Why do we put up with this?", "Who has time for this?"),
        "problem": ("It doesn't have to be like this.", "And nobody talks about it.", "It costs you more than you think.", "You deserve better than this.", "Good enough? Not really."),
        "problem.energetic": ("Enough. Time to move.", "No more waiting around.", "This ends here."),
        "problem.funny": ("This is the part they don't put online.", "Plan B? That was plan B.", "Professional help is on its way. Maybe."),
        "problem.warm": ("It's a lot, some days.", "You carry more than anyone sees.", "Nobody should do this alone."),
        "problem.premium": ("Compromise always shows.", "Almost right is not right.", "You notice the difference. Always."),
        "problem.urgent": ("Every day you wait, it stays like this.", "Waiting won't fix it.", "How much longer?"),
        "turn": ("Here's {P}.", "Enter: {P}.", "Now there's {P}.", "{P}. Made for this.", "There's a better way: {P}.", "Say hello to {P}."),
        "turn.energetic": ("Boom: {P}.", "Game on: {P}.", "And then: {P}."),
        "turn.funny": ("Plot twist: {P}.", "Good thing there's {P}.", "The hero of our story: {P}."),
        "turn.warm": ("That's why there's {P}.", "{P}. Made with you in mind.", "For moments like this: {P}."),
        "turn.premium": ("{P}. Nothing more is needed.", "Introducing {P}.", "This is {P}."),
        "turn.urgent": ("Here, now: {P}.", "The answer is here: {P}.", "Don't wait for it. {P} is here."),
        "use": ("It just works.", "That's all there is to it.", "One move, and it's done.", "Simple, the way it should be.", "Try it once and you'll know."),
        "use.energetic": ("Fast. Easy. Yours.", "Grab it and go.", "Full speed from the first second."),
        "use.funny": ("Even before the first coffee.", "No manual. Nobody reads those anyway.", "So easy it feels like cheating."),
        "use.warm": ("It feels right from the start.", "Made for real life.", "A little thing that changes the day."),
        "use.premium": ("Considered, down to the last detail.", "You feel it before you see it.", "Exactly as it should be."),
        "use.urgent": ("Start now, feel it today.", "It takes a moment. Take it.", "No waiting, no detours."),
        "proof": ("Now that's better.", "See the difference?", "And the day is yours again.", "This is how it's meant to feel.", "You'll wonder how you did without."),
        "proof.energetic": ("That's more like it!", "Feel that? Keep going.", "Nothing can stop you now."),
        "proof.funny": ("The dog is impressed, too.", "Please try to look less smug.", "Your neighbours will ask. Act natural."),
        "proof.warm": ("More time for what matters.", "It's the little things. It always was.", "And suddenly there's room for you."),
        "proof.premium": ("The rest speaks for itself.", "Once you know, you know.", "That's what quality feels like."),
        "proof.urgent": ("Others have started already.", "The sooner, the better.", "You could be here tonight."),
        "lead": ("Your turn.", "Go on.", "Easy, right?", "See for yourself.", "It starts here."),
        "lead.energetic": ("Let's go!", "Come on!"),
        "lead.funny": ("You know what to do.", "We'll wait. Not long, though."),
        "lead.warm": ("Come on in.", "Do something good for yourself."),
        "lead.premium": ("Make it yours.", "Whenever you're ready."),
        "lead.urgent": ("Right now is good.", "Don't put it off."),
        "audience": ("{A}? This is for you.", "{A}: we see you.", "{A}, this one's yours."),
        "spark": ("Look.", "Right here.", "Feel that?", "Yes.", "Closer.", "Like this.", "Wait for it.", "Now.", "There.", "Again.", "Finally.", "Easy.", "Ready?", "Watch.", "Hello.", "Oh yes.", "At last.", "Still here?", "Breathe.", "Go."),
        "split": ("Same start. Different finish.", "One of them is already done.", "Spot the difference."),
        "talk": ("I still have to smile about it.", "I keep telling my friends.", "Ask me again in a year: same answer."),
        "clock": ("Tick. Tick. Tick.", "Soon it's too late.", "Quick people get there first."),
        "creed": ("Here's to everyone who starts anyway.", "To those who go the long way round.", "To those who ask for more than good enough.", "To the stubborn ones, and to the gentle ones.", "To everyone who keeps going.", "To the ones who do it their own way.", "This is for you.", "For all who mean it."),
    },
    extras={
        "hook": ("Everyone knows the feeling: so much to do, so little of it for yourself.", "It's a small thing, and small things have a way of growing.", "You tell yourself tomorrow will be different, and then tomorrow comes."),
        "problem": ("So you carry on, because that's how it has always been done.", "You could wait until it sorts itself out, but so far it never has.", "It takes time, it takes patience, and in the end it takes the fun out of it."),
        "product": ("Take a closer look, because somebody thought hard about the details.", "No big words needed: you see it, you try it, you get it.", "It fits into your day instead of turning it upside down.", "Made for the way you really live, not for the way brochures do."),
        "proof": ("Nothing spectacular has happened, and that's the beauty of it.", "You notice it first in the small things, then in the whole day.", "And when somebody asks what changed, you'll have a short answer."),
        "cta": ("You've seen enough to know, so take the first step.", "It takes a minute, and it begins right here."),
    },
    finish={
        "plain": ("Muted colours, one bright spot.", "The camera holds its breath.", "Natural light, nothing staged.", "One sound only: the place itself.", "The background stays soft.", "A beat of stillness before the cut.", "Warm shadows, clear edges.", "The frame is calm and the eye knows where to go.", "The eye lands on one single detail.", "Shallow focus, slow drift."),
        "energetic": ("Handheld, quick, always in motion.", "Hard cuts on every beat.", "Bright colours, strong contrast, no pause.", "The camera can barely keep up."),
        "calm": ("One long, quiet take.", "Everything slows down to the pace of a breath.", "Soft light, no hurry, no cut.", "The sound drops to almost nothing."),
        "funny": ("In the background something falls over. Nobody reacts.", "The shot lasts one second too long, on purpose.", "A cat watches, unimpressed.", "The face stays perfectly serious, which makes it worse."),
        "warm": ("Warm light; the eyes shine a little.", "We stay on the face a moment longer.", "A touch of the hand, nothing more.", "Like a memory: soft edges, warm colour."),
        "premium": ("Deep shadows, one precise light.", "Slow, exact movement; nothing superfluous in frame.", "Fine texture, muted colours.", "Composed like a photograph."),
        "urgent": ("A second hand ticks under the picture.", "Each cut comes a little sooner than the last.", "The light changes as if the day were running out.", "The camera pushes on, without a pause."),
    },
    closer=("The camera goes in until only eyes and hands are left.", "Very close: skin, texture, a tiny movement.", "So near that the rest of the world falls out of frame."),
    wider=("The frame opens up until the whole place is in it.", "Far back: a small subject, plenty of space around it.", "Seen from across the street, everything in one picture."),
    nobody="Nobody in frame.",
    accent=("{V}, in plain view.", "{V}, right there in the frame.", "{V}, caught for a moment."),
    silence="No music, only the sound of the place.",
    note=("Direction: {X}.", "With this in mind: {X}.", "What matters here: {X}."),
    mention=("And yes: {X}.", "Also: {X}.", "Don't forget: {X}."),
    product="The new one",
)
