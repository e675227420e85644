"""Words that members of any book club use: phone spelling, fillers, and groups of words that ask for the same.

Hand-written, English only. A base's own words need no place here: they come from its asks.
"""

PHONE = {
    "u": "you", "ur": "your", "r": "are", "y": "why", "hu": "who", "hoo": "who", "whos": "who is", "whose": "who",
    "wot": "what", "wat": "what", "wut": "what", "wots": "what is",
    "wen": "when", "whens": "when is", "wer": "where", "wheres": "where is", "whys": "why is", "hows": "how is",
    "wich": "which", "cos": "because", "coz": "because", "cuz": "because", "bc": "because",
    "bcos": "because", "abt": "about", "bout": "about", "ppl": "people", "plz": "please",
    "thx": "thanks", "ty": "thanks", "tho": "though", "thru": "through", "b4": "before", "2gether": "together",
    "gf": "girlfriend", "bf": "boyfriend", "vs": "versus", "v": "versus", "diff": "difference", "fav": "favourite",
    "fave": "favourite", "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "arent": "are not", "wasnt": "was not", "cant": "can not", "couldnt": "could not", "wont": "will not",
    "wouldnt": "would not", "hasnt": "has not", "havent": "have not", "im": "i am", "ive": "i have",
    "thats": "that is", "theres": "there is", "theyre": "they are", "youre": "you are",
    "hes": "he is", "shes": "she is", "its": "it is", "lets": "let us", "gonna": "going to",
    "gotta": "have to", "da": "the", "teh": "the", "tha": "the", "dis": "this", "dat": "that", "n": "and",
    "nd": "and", "w": "with", "wiv": "with", "wd": "would", "cd": "could", "shd": "should", "sumthing": "something",
    "sum1": "someone", "every1": "everyone", "luv": "love", "luvs": "loves", "sed": "said", "tel": "tell",
    "nite": "night", "skool": "school", "skl": "school", "frm": "from", "wnt": "want", "thn": "then",
    "wrk": "work", "bk": "book", "mvie": "movie", "vid": "video", "pic": "picture", "tmrw": "tomorrow",
    "thort": "thought", "rote": "wrote", "yr": "year", "2moro": "tomorrow", "2day": "today", "l8r": "later", "gr8": "great", "thinkin": "thinking", "wht": "what", "hr": "hour", "innit": "", "lol": "", "lmao": "", "omg": "", "tbh": "", "btw": "",
    "imo": "", "idk": "", "rn": "", "ok": "", "okay": "", "smh": "", "ngl": "", "pliz": "please", "d": "the", "wuz": "was", "waz": "was", "iz": "is", "cud": "could",
    "wud": "would", "shud": "should", "gud": "good", "gd": "good", "hav": "have", "hv": "have", "som1": "someone",
    "any1": "anyone", "no1": "no one", "sumone": "someone", "smth": "something", "sth": "something", "m8": "mate",
    "bro": "", "dude": "", "mate": "", "lil": "little", "gurl": "girl", "grl": "girl", "boi": "boy", "wif": "with",
    "wid": "with", "dey": "they", "dem": "them", "doez": "does", "dnt": "do not", "didn": "did not", "whr": "where",
    "hw": "how", "tht": "that", "thts": "that is", "cz": "because",
    "becuz": "because", "becos": "because", "bcz": "because", "bcause": "because", "kno": "know", "no1s": "no one is",
    "movi": "movie", "flm": "film", "mov": "movie", "dir": "director", "char": "character",
    "chars": "characters", "vids": "videos", "docs": "documentaries", "wats": "what is", "whats": "what is", "wt": "what",
    "ther": "there", "evry1": "everyone", "everyones": "everyone is", "fr": "for", "frend": "friend", "frends": "friends",
    "frnd": "friend", "frnds": "friends", "luvd": "loved", "lovd": "loved", "hapens": "happens", "hapen": "happen",
    "wanna": "want to", "tryna": "trying to", "outta": "out of", "kinda": "", "sorta": "", "alot": "a lot", "aint": "is not",
    "pls": "please", "def": "definitely", "prob": "probably", "info": "information",
}  # fmt: skip
"""One written word -> the words it stands for; empty: it says nothing."""

FILLERS = frozenset(
    [
        "hey",
        "hi",
        "hello",
        "hiya",
        "yo",
        "oh",
        "ah",
        "er",
        "um",
        "hmm",
        "well",
        "so",
        "like",
        "please",
        "thanks",
        "thank",
        "cheers",
        "bot",
        "bookbot",
        "bookclub",
        "quick",
        "question",
        "one-more",
        "wondering",
        "wonder",
        "curious",
        "remind",
        "forget",
        "forgot",
        "forgotten",
        "remember",
        "recall",
        "tell",
        "know",
        "knows",
        "anyone",
        "anybody",
        "someone",
        "somebody",
        "exactly",
        "actually",
        "really",
        "basically",
        "maybe",
        "perhaps",
        "just",
        "kinda",
        "sort",
        "sorta",
        "pretty",
        "quite",
        "also",
        "again",
        "btw",
        "guys",
        "folks",
        "everyone",
        "all",
        "you",
        "your",
        "yours",
        "me",
        "my",
        "mine",
        "i",
        "we",
        "us",
        "our",
        "am",
        "sorry",
        "sure",
        "guess",
        "suppose",
        "want",
        "wanted",
        "need",
        "help",
        "explain",
        "describe",
        "give",
        "gimme",
        "identify",
        "specify",
        "regarding",
        "concerning",
        "according",
        "please",
        "could",
        "would",
        "can",
        "should",
        "might",
        "may",
        "shall",
        "let",
        "bit",
        "little-bit",
        "actually",
        "ever",
        "there",
        "here",
    ]
)
"""Words that carry no subject: left out of a question, and never a reason to refuse it."""

STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "from",
        "for",
        "with",
        "by",
        "as",
        "and",
        "or",
        "but",
        "if",
        "than",
        "that",
        "this",
        "these",
        "those",
        "it",
        "its",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "do",
        "does",
        "did",
        "done",
        "has",
        "have",
        "had",
        "having",
        "he",
        "she",
        "they",
        "him",
        "her",
        "them",
        "his",
        "their",
        "hers",
        "theirs",
        "what",
        "who",
        "whom",
        "which",
        "when",
        "where",
        "why",
        "how",
        "will",
        "not",
        "no",
        "yes",
        "up",
        "out",
        "about",
        "into",
        "over",
        "after",
        "before",
        "some",
        "any",
        "more",
        "most",
        "much",
        "very",
        "too",
        "then",
        "now",
        "only",
        "own",
        "same",
        "such",
        "get",
        "gets",
        "got",
        "go",
        "goes",
        "went",
        "come",
        "comes",
        "came",
        "make",
        "makes",
        "made",
        "thing",
        "things",
        "way",
        "kind",
        "type",
        "something",
        "anything",
        "because",
        "between",
        "both",
        "during",
        "through",
        "per",
        "via",
        "else",
    ]
)
"""Function words: they weigh little, and are never a reason to refuse a question."""

_IRREGULAR = """
    am be; are be; is be; was be; were be; been be; being be; arose arise; arisen arise; awoke awake; ate eat;
    eaten eat; beaten beat; became become; began begin; begun begin; bent bend; bit bite; bitten bite;
    bled bleed; blew blow; blown blow; bore bear; borne bear; bought buy; bound bind; bred breed; broke break;
    broken break; brought bring; built build; burnt burn; came come; caught catch; chose choose; chosen choose;
    clung cling; crept creep; dealt deal; did do; done do; does do; doing do; drawn draw; drew draw;
    dreamt dream; driven drive; drove drive; drank drink; drunk drink; dug dig; dying die; fallen fall;
    fed feed; fell fall; felt feel; fled flee; flew fly; flown fly; forbade forbid; forbidden forbid;
    forgave forgive; forgiven forgive; forgot forget; forgotten forget; fought fight; found find; froze freeze;
    frozen freeze; gave give; given give; goes go; gone go; went go; got get; gotten get; grew grow;
    grown grow; had have; has have; having have; heard hear; held hold; hid hide; hidden hide; hung hang;
    hurting hurt; kept keep; knelt kneel; knew know; known know; laid lay; lain lie; lying lie; leapt leap;
    learnt learn; led lead; left leave; lent lend; lit light; lost lose; losing lose; made make; making make;
    meant mean; met meet; mistook mistake; mistaken mistake; paid pay; proven prove; ran run; rang ring;
    rung ring; ridden ride; rode ride; risen rise; rose rise; said say; sang sing; sung sing; sank sink;
    sunk sink; sat sit; saw see; seen see; sent send; shaken shake; shook shake; shot shoot; shone shine;
    shown show; shrank shrink; shrunk shrink; slept sleep; slid slide; sold sell; sought seek; spent spend;
    spoke speak; spoken speak; sprang spring; stole steal; stolen steal; stood stand; stuck stick;
    strode stride; struck strike; stung sting; swam swim; swum swim; swore swear; sworn swear; swept sweep;
    taken take; took take; taught teach; thought think; threw throw; thrown throw; told tell; tore tear;
    torn tear; tried try; tries try; trying try; understood understand; woke wake; woken wake; won win;
    wore wear; worn wear; wove weave; woven weave; wept weep; withdrew withdraw; withdrawn withdraw;
    wrote write; written write; writing write; using use; used use; children child; feet foot; geese goose;
    lives life; knives knife; wives wife; men man; mice mouse; people person; teeth tooth; women woman;
    bodies body; stories story; memories memory; countries country; cities city; families family; better good;
    best good; worse bad; worst bad; further far; furthest far; older old; oldest old; elder old;
    behaviour behavior; colour color; colours color; cheque check; cheques check; centre center;
    centres center; favourite favorite; favourites favorite; grey gray; honour honor; humour humor;
    jewellery jewelry; labour labor; neighbour neighbor; programme program; programmes program;
    theatre theater; theatres theater; traveller traveler; tyre tire; cancelled cancel; cancelling cancel;
    travelled travel; travelling travel; organise organize; organised organize; realise realize;
    realised realize; recognise recognize; recognised recognize; apologise apologize; licence license;
    defence defense; practise practice; storey story; mum mom; mums mom; grandad grandfather;
    granddad grandfather; mama mom; papa father; dad father; daddy father; mummy mom; tv television;
    telly television; fridge refrigerator; bike bicycle; bikes bicycle; exam examination; phone telephone;
    phones telephone; photo photograph; photos photograph; ad advertisement; ads advertisement;
    math mathematics; maths mathematics; info information; mobile telephone; cell telephone;
    cellphone telephone; movies movie; shes she; cannot not; nobody none; nothing none; nowhere none
"""

IRREGULAR = dict(pair.split() for pair in _IRREGULAR.replace("\n", " ").split(";"))
"""Forms that no ending tells of, and other spellings -> the word that they are forms of."""

QUESTION_WORDS = {
    "who": "?who", "whom": "?who", "when": "?when", "where": "?where", "why": "?why", "how": "?how",
}  # fmt: skip

_GROUPS = """
film: film films movie movies picture flick cinema screen onscreen motion
novel: novel novels book books text
plays: plays play played playing portrays portray portrayed portraying portrayal role roles actor actors actress
  actresses stars star starred starring cast casting casted character acted
author: author writer wrote writes written write novelist penned
director: director directed directs direct directing filmmaker helmed helms
music: music score soundtrack composer composed composes scored musical musician
song: song track tune
release: release released releases premiere premiered opened debut
young: child children kid kids young younger youngster childhood girl boy little
adult: adult adults grownup grown older
critics: critic critics reviewer reviewers review reviews reviewed
opinion: think thinks thought thoughts opinion opinions view views verdict reckon reckons make feel feels felt
  find finds found like liked likes love loved enjoy enjoyed rate
dies: die dies died death deaths dead dying killed kill perish fate
teacher: teacher teachers guardian guardians staff
school: school boarding academy schooling
pupil: pupil pupils student students schoolchildren
job: job work works occupation profession career living
fired: fired sacked dismissed dismissal sack firing loses
sad: sad sadness depressing bleak gloomy melancholy melancholic dark tearjerker weepy
cry: cry cries crying cried tears tear weep
age: age aged old
rating: rating rated certificate classification mpaa
said: said say says saying remark remarked told tells stated states comment comments commented mention mentions mentioned
quote: quote quotes quotation line lines
differ: differ differs difference differences different compare compares compared comparison versus unlike contrast
meaning: mean means meaning meant definition define defined stand stands signify
begin: begin begins beginning start starts starting open opens opening
end: end ends ending finish finishes final finally conclusion
leave: leave leaves leaving left
happens: happen happens happened happening
buy: buy buys buying purchase purchases
reason: reason why cause purpose
colour: colour colours color colors palette
picture: picture pictures photo photography
visit: visit visits visited visiting
rumour: rumour rumours rumor rumors gossip
dvd: dvd bluray blu disc video
scifi: scifi science fiction sci
teen: teen teens teenager teenagers adolescent
violence: violence violent scary scariness gore gory
friend: friend friends friendship pal pals mates mate
romance: love romance romantic relationship couple dating dates boyfriend girlfriend together
jealous: jealous jealousy envy envious
illness: disease diseases illness illnesses cancer
time: time period era year years decade
live: live lives lived living
look: look looks looked visual visuals visually
prize: prize award awards booker nominated nomination shortlisted
kept: kept keep keeps keeping
england: england english britain british uk
place: place places location located
swearing: swear swears swearing language profanity profane curse cursing cuss cussing rude
nudity: nude nudity naked sex sexual sexuality
ship: ship ships boat boats wreck shipwreck vessel
beach: beach shore seaside coast seashore sand
money: money pay pays paid paying cash currency coins coin spend earn
price: price prices cost costs expensive cheap
cafe: cafe cafes restaurant restaurants diner eatery
extras: extra extras bonus bonuses features featurette xtras
family: family families parents parent mother father mum dad mom relatives orphan orphans
surname: surname surnames lastname
medicine: medicine medicines medication pill pills tablets
doctor: doctor doctors medic medical
scanner: panel scanner sensor beep beeps beeped beeping wrist wristband
tape: tape tapes cassette cassettes record recording
art: art artwork artworks arts drawing drawings painting paintings paint draw picture pictures
gift: gift gifts present gave give gives given giving handed hand hands
secret: secret secrets truth truths reveal reveals revealed revealing disclosed disclosure
rules: rule rules allowed allow allows permitted permit forbidden forbade forbid ban banned bans
villain: villain villains baddie baddies antagonist enemy
rebel: rebel rebels rebellion revolt revolts uprising resist resists overthrow escape escapes flee flees runaway run runs
alike: similar alike resemble resembles resembling likened comparable reminiscent compare compares compared comparison
clone: clone clones cloned cloning duplicate duplicates copy copies copied replica replicas
donor: donor donors donate donates donated donating donation donations organ organs transplant transplants
operation: operation operations surgery surgeries procedure procedures
carer: carer carers caregiver nurse nurses caring
admits: confess confesses confessed confession admit admits admitted owns
anger: anger angry rage raging outburst scream screams screaming shout shouts tantrum furious
hope: hope hopes hoped hoping
accepts: accept acceptance accepts accepted accepting resigned resignation
choice: choice choices choose chooses chose free
subtle: subtle subtlety understated restrained restraint
creepy: creepy eerie spooky scary unnerving disturbing frightening unsettling haunting sinister scared chilling
beautiful: beautiful beautifully beauty gorgeous lovely pretty
empathy: empathy empathise empathize connect connects identify relate sympathy sympathise
human: human humans humanity people person persons
soul: soul souls spirit
favourite: favourite favorite favourites favorites
website: website websites site sites page blog web
commenter: commenter commenters commentator reader readers comment comments poster user users
vegetarian: vegetarian vegetarians vegan vegans meat
rain: rain rains rainy raining wet drizzle pouring pours
dance: dance dances danced dancing sway sways swaying
videos: video videos clip clips pop
suitable: suitable appropriate okay fit recommended unsuitable
disc: disc discs dvd dvds bluray blurays disk
recovery: recover recovery recovering recuperate recuperating recuperation centre centres center centers hospital hospitals clinic
narrator: narrator narrates narrated narration narrating voiceover perspective pov viewpoint teller
future: future futuristic
past: past history historical
country: country countries nation
rich: benefit benefits benefited gain gains profit
hears: hear hears heard hearing
meets: meet meets met meeting encounter encounters encountered
moves: move moves moved moving
finds: find finds found discover discovers discovered
belongs: own owns belong belongs
shame: pity pities poor
hidden: hide hides hidden conceal conceals concealed
shows: show shows showed shown showing depict depicts depicted
famous: famous known renowned
"""


_EVERYDAY = """
    buy purchase order acquire get; sell sale trade; price cost charge fee rate expense amount;
    cheap inexpensive affordable budget; expensive costly pricey dear; pay payment spend; money cash fund currency;
    currency dollar euro pound; bill invoice receipt statement; refund reimburse repay return; owe debt due;
    borrow loan lend; save saving reserve; income salary wage earn pay; account profile login;
    transfer send move wire; deposit add put load top; withdraw withdrawal take; receive get arrive come;
    code password pin passcode; identity identify passport verify prove proof; card credit debit;
    change exchange switch convert swap; change modify alter edit update; interest percentage percent rate;
    limit maximum restrict most; decline reject refuse deny fail; accept approve allow permit;
    block freeze lock suspend disable stuck; activate enable register start; cancel stop end terminate abort quit;
    undo revert reverse cancel; close shut end; delete remove erase clear drop; open create make new;
    begin start commence launch; finish end complete over; continue resume proceed keep;
    wait pending delay hold late; fast quick rapid speed soon; slow late; deliver ship mail post arrive;
    track trace locate find; find search look locate discover seek; lose miss misplace gone vanish disappear;
    steal theft rob thief; fraud scam cheat suspicious; strange odd weird unknown unusual;
    break broken damage crack; fix repair mend solve resolve; problem issue trouble wrong error fault;
    error mistake wrong incorrect; work function operate run; help assist support aid; question query ask;
    answer reply respond response; tell say inform explain describe; speak talk chat converse;
    show display see view; see watch view look notice; hear listen sound; note record write; know understand aware;
    remember recall remind memory; forget forgot; think believe consider opinion guess; want need wish desire;
    must should need require; possible can able could; prevent avoid stop; big large huge great;
    small little tiny short; long lengthy length far distance; near close nearby local; high tall top;
    low bottom below under; recent latest fresh new; current present now today;
    future later tomorrow upcoming next; past previous ago yesterday last before; time clock hour minute;
    date day calendar; schedule appointment meeting event plan agenda; reserve reservation book booking;
    january february march april june july august september october november december month;
    monday tuesday wednesday thursday friday saturday sunday week weekend; number count many amount total;
    first initial; last final latest; add include insert put; list item; name call title;
    someone person human somebody; man guy male; woman lady female; brother sister sibling;
    grandfather grandmother grandparent; uncle aunt cousin relative; parent mother father mom;
    friend buddy pal mate companion; job career occupation employ profession; boss manager chief leader head;
    owner creator maker invent; travel trip journey vacation holiday visit; flight plane fly airline airport;
    hotel room motel stay; car vehicle automobile truck; drive ride commute; gas fuel petrol; oil engine motor;
    tire wheel; road street route direction path; map location place where address; traffic jam;
    luggage baggage bag suitcase; foreign international overseas abroad world country; city town village;
    home house apartment; food eat meal dish dinner lunch breakfast; cook bake recipe prepare;
    ingredient substitute replace instead; drink beverage; nutrition calorie healthy health diet;
    doctor medical health; injection shot vaccine; sick ill disease; insurance coverage policy;
    weather temperature forecast rain snow; hot warm heat; cold cool; lamp light; music song playlist tune;
    joke funny laugh humor comic; fun enjoy amuse entertain; good great nice excellent fine;
    bad terrible awful poor; happy glad pleased joy; sad unhappy upset; angry mad annoyed furious;
    afraid scared fear; love like enjoy adore; hate dislike loathe; mean definition define meaning; spell letter;
    language translate spanish french german italian english chinese japanese; calculate compute sum mathematics;
    measure unit inch foot mile meter; telephone smartphone call; dial ring call; message text; email mail;
    computer laptop device machine; internet web online website; app application; loud quiet volume;
    repeat again once; different another other; same similar equal; reason why cause; status progress;
    check verify confirm; sure certain definite; score rating rank; improve better boost; increase raise grow;
    decrease lower reduce less; report notify; choose pick select decide; coin flip toss; dice roll;
    battery power charge; share split divide; contact reach call; expire expiration valid;
    renew replace replacement; personal private own; detail information data fact; temporary disposable;
    virtual online digital; physical real actual; automatic auto; twice double duplicate two;
    extra additional more another; free gratis; shop store market merchant; seller vendor; teacher professor tutor;
    school college university; test exam; win victory; fight battle war; kill murder; die death dead;
    live life alive; marry wedding marriage wife husband spouse; gift present; pet dog cat animal;
    robot machine computer bot; thank grateful; sorry apologize regret; origin source from; hobby interest pastime;
    alarm wake; timer countdown; retire pension; meeting conference; turn rotate; promise vow swear;
    true real genuine; lie false fake untrue; rich wealthy; poor broke needy; clever smart intelligent;
    stupid dumb foolish; brave bold courage; famous celebrity known; build construct make; hit strike beat;
    jump leap; walk stroll; run race; sleep bed tired nap; clothes dress wear outfit; color paint;
    hurt pain wound injure harm; escape flee; hide conceal secret; attempt try; enough sufficient; strong powerful;
    important main key major; easy simple; hard difficult tough; quiet silent silence; empty blank; begin opening;
    reach arrive; require need; win prize award
"""


def _groups() -> dict[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for block in _GROUPS.replace("\n  ", " ").strip().splitlines():
        name, _, members = block.partition(":")
        for word in members.split():
            words[word] = (*words.get(word, ()), "=" + name)
    return words


CONCEPTS = _groups()
"""A word -> the groups it belongs to. Words of one group ask for the same thing."""


EVERYDAY = tuple(tuple(group.split()) for group in _EVERYDAY.replace("\n", " ").split(";"))
"""Everyday words that one person uses where another uses the next, whatever the book is about. A word in two groups
leans to both."""
