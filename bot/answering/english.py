"""Everyday English words, by which a word that a base does not know can be told from a slip of the finger.

"cool" is a word, and not "cook" with a slip in it; "kahty" is none. Hand-written; only base forms, the others are made
by their endings. Known flaw: it ends somewhere, and a rare word is still taken for a slip of a like one.
"""

from collections.abc import Iterator
from functools import cache, lru_cache

from bot.answering.lexicon import IRREGULAR

_SHORTEST, _LONGEST = 2, 30

_WORDS = """
able about above abroad absence absent absolute accent accept access accident account accuse ache achieve acid across
act action active actor actress actual add address admire admit adult advance advantage adventure advertise advice
advise affair affect afford afraid after afternoon again against age agency agent ago agree agreement ahead aid aim air
airport alarm album alcohol alert alien alike alive all allow almost alone along already also although always amaze
amount ancient and angel anger angle angry animal ankle anniversary announce annoy annual another answer ant anxious any
anybody anyone anything anyway anywhere apart apartment apologize appeal appear apple application apply appoint
appreciate approach approve april architect area argue argument arm army around arrange arrest arrive arrow art article
artist ashamed aside ask asleep aspect assist associate assume atmosphere attach attack attempt attend attention attic
attitude attract audience august aunt author autumn available average avoid awake award aware away awesome awful
baby back bacon bad badge bag bake balance balcony ball ballet balloon ban banana band bank bar barely bargain bark barn
base baseball basic basket basketball bat bath bathroom battery battle beach bean bear beard beast beat beautiful beauty
because become bed bedroom bee beef beer before beg begin behave behind believe bell belong below belt bench bend
benefit beside best bet better between beyond big bike bill bin bird birth birthday bit bite bitter black blade blame
blank blanket bleed bless blind block blog blond blonde blood bloom blow blue board boat body boil bold bomb bond bone bonus
book boot border bore boring born borrow boss both bother bottle bottom bowl box boy brain brake branch brand brave
bread break breakfast breast breath breathe breeze brick bride bridge brief bright bring broad broken brother brown
brush bubble bucket bug build bull bullet bully bump bunch burger burn burst bury bus bush business busy but butter
button buy bye cabin cable cake calculate calendar call calm camera camp campaign can cancel cancer candle candy cap
capable capital captain car card care career careful careless carpet carrot carry cart cartoon case cash cast castle cat
catch category cathedral cause cave ceiling celebrate celebrity cell cemetery cent center central century certain chain
chair chalk challenge champion chance change channel chapter character charge charity charm chart chase chat cheap
cheat check cheek cheer cheese chef chemical chest chicken chief child chin chip chocolate choice choir choose chop
christmas church cigarette cinema circle circus citizen city civil claim clap class classic clean clear clever click
client cliff climate climb clinic clock close cloth clothes cloud clown club clue coach coal coast coat code coffee coin
cold collar collect college color column comb combine come comedy comfort comic command comment commit committee common
communicate community company compare compete complain complete complicate computer concept concern concert conclude
condition conduct confess confidence confirm conflict confuse congratulate connect consider consist constant construct
contact contain content contest context continue contract contrast control conversation convince cook cookie cool copy
corn corner correct cost cottage cotton couch cough could council count counter country couple courage course court
cousin cover cow crack craft crash crazy cream create creature credit creep crew crime criminal crisis critic criticize crop
cross crowd crown cruel cry culture cup cupboard cure curious current curtain curve cushion custom customer cut cute
cycle dad daily damage dance danger dare dark darling data date daughter day dead deaf deal dear death debate debt
decade december decide declare decline decorate deep deer defeat defend define definite degree delay delete deliver
demand democracy deny depart depend deposit depress depth describe desert deserve design desire desk despair despite
destroy detail detect develop device devil diamond diary dictionary die diet differ difficult dig digital dinner dinosaur
direct dirt disagree disappear disappoint disaster discover discuss disease disgust dish distance distant district
disturb dive divide divorce doctor document dog doll dollar dolphin donate door double doubt down dozen dragon drama draw
drawer dream dress drink drive drop drown drug drum dry duck due dull dump during dust duty each ear early earn earth
ease east easter easy eat echo edge edit educate effect effort egg eight either elbow elect electric elegant elephant
eleven else email embarrass emergency emotion empire employ empty encourage end enemy energy engage engine engineer enjoy
enormous enough enter entertain entire entrance envelope environment envy episode equal error escape especially essay
establish even evening event ever every everybody everyone everything everywhere evidence evil exact examine example
excellent except exchange excite excuse exercise exist exit expect expensive experience experiment expert explain explode
explore export express extra extreme eye fabric face fact factory fade fail faint fair fairy faith fake fall false fame
family famous fan fancy fantastic fantasy far farm farmer fascinate fashion fast fat father fault favor favorite fear
feather feature february fee feed feel female fence festival fetch fever few fiction field fierce fifteen fifty fight
figure file fill film final finance find fine finger finish fire firm first fish fist fit five fix flag flame flash flat
flavor flesh flight float flood floor flour flow flower fly focus fog fold folk follow fond food fool foot football for
force forecast foreign forest forever forget forgive fork form formal former fortune forty forward found fountain four
fox frame free freeze frequent fresh friday fridge friend fright frog from front frozen fruit frustrate fry fuel full fun
function fund funeral funny fur furious furniture further future gain gallery gamble game gang gap garage garbage garden
gas gate gather gaze gender general generate generous genius gentle gentleman genuine get ghost giant gift girl give glad
glance glass globe gloomy glory glove glow glue go goal goat god gold golf good goodbye gorgeous gossip govern grab grace
grade graduate grain grand grandfather grandmother grant grape graph grass grateful grave gray great greedy green greet
grey grief grin grocery ground group grow guarantee guard guess guest guide guilt guitar gun guy gym habit hair half hall
ham hammer hand handle handsome hang happen happy harbor hard hardly harm harsh hat hate have he head headache heal
health hear heart heat heaven heavy heel height hell hello help hence her here hero hesitate hi hide high highlight hike
hill him hint hip hire history hit hobby hold hole holiday hollow holy home homework honest honey honor hook hope
horizon horn horrible horror horse hospital host hot hotel hour house household how however hug huge human humor hundred
hungry hunt hurry hurt husband ice idea ideal identify identity if ignore ill illegal illness illustrate image imagine
immediate impact import important impossible impress improve inch include income increase incredible indeed independent
index indicate individual industry influence inform inherit injure ink inner innocent inquire insect inside insist
inspect inspire install instance instead instruct instrument insult insurance intelligent intend intense interest
internal international internet interrupt interview into introduce invade invent invest investigate invite involve iron
island issue it item jacket jail jam january jar jaw jazz jealous jeans jelly jet jewel job join joke journal journalist
journey joy judge juice july jump june jungle junior jury just justice keen keep key keyboard kick kid kidnap kidney kill
kind king kingdom kiss kit kitchen kite kitten knee knife knight knit knock knot know knowledge label laboratory lack
lady lake lamb lamp land language lap large last late later laugh launch laundry law lawn lawyer lay layer lazy lead leaf
league leak lean learn least leather leave lecture left leg legal legend lemon lend length less lesson let letter level
liar liberty library license lid lie life lift light like limit line link lion lip list listen literature little live
liver load loan local locate lock log logic lonely long look loose lord lose loss lot loud love low loyal luck luggage
lunch lung luxury machine mad magazine magic mail main maintain major make male mall man manage manager manner many map
march mark market marriage marry mask mass massive master match material math matter maximum may maybe mayor me meal mean
measure meat medal media medical medicine medium meet melt member memory mental mention menu mercy mere merry mess
message metal method mid middle midnight might mild mile milk million mind mine minister minor minute miracle mirror miss
mission mistake mix mobile model modern moment monday money monkey monster month mood moon moral more morning most mother
motion motive motor mountain mouse mouth move movie much mud multiply murder muscle museum music must mystery myth nail
naked name nap narrow nation native nature naughty near nearly neat necessary neck need needle negative neighbor neither
nephew nerve nest net network never new news newspaper next nice niece night nightmare nine no noble nobody nod noise none
nonsense noon nor normal north nose not note nothing notice novel november now nowhere nuclear number nurse nut obey
object observe obsess obvious occasion occupy occur ocean october odd of off offend offer office officer official often
oil old olive on once one onion online only onto open opera operate opinion opponent oppose opposite option orange
orchestra order ordinary organ organize origin orphan other ought our out outfit outside oven over owe own owner oxygen
pack package page pain paint pair palace pale pan panic paper parade parcel pardon parent park parliament part particular
partner party pass passage passenger passion passport past pasta patch path patient pattern pause pay peace peach peak
pear pen pencil penny people pepper perfect perform perfume perhaps period permanent permit person persuade pet phase
philosophy phone photograph photo phrase physical piano pick picnic picture pie piece pig pile pill pillow pilot pin pink pipe
pirate pity pizza place plain plan plane planet plant plastic plate platform play pleasant please pleasure plenty plot
plug plus pocket poem poet point poison police policy polite politic politics pollute pool poor pop popular population port
portrait position positive possess possible post poster pot potato pound pour poverty powder power practical practice
praise pray precious predict prefer pregnant prepare present president press pressure pretend pretty prevent previous
price pride priest prime prince princess principal principle print prison private prize probable problem process produce
product profession professor profit program progress project promise promote proof proper property propose protect
protest proud prove provide public publish pull pulse pump punch punish pupil purchase pure purple purpose purse push put
puzzle qualify quality quantity quarrel quarter queen question queue quick quiet quit quite quote rabbit race radio rage
rail rain raise random range rank rapid rare rat rate rather raw reach react read ready real realize really reason receipt
receive recent recipe recognize recommend record recover red reduce refer reflect refuse regard region register regret
regular reject relate relation relax release relevant relief religion rely remain remark remember remind remote remove
rent repair repeat replace reply report represent reputation request require rescue research resemble reserve resist
resolve resort resource respect response respond responsible rest restaurant result retire return reveal revenge review revolution
reward rhythm rice rich rid ride right ring riot rise risk river road roar rob robot rock role roll romance roof room root
rope rose rough round route routine row royal rub rubber rubbish rude ruin rule run rush sacred sacrifice sad safe sail
saint salad salary sale salt same sand sandwich satisfy saturday sauce save say scale scandal scar scare scarf scene
schedule scheme school science scissors score scratch scream screen script sea search season seat second secret
secretary section secure see seed seek seem select self sell send senior sense sensible sensitive sentence separate
september series serious servant serve service session set settle seven several severe sew sex shade shadow shake shallow
shame shape share sharp shave she shed sheep sheet shelf shell shelter shield shift shine ship shirt shock shoe shoot
shop shore short shot should shoulder shout show shower shut shy sick side sigh sight sign signal silence silk silly
silver similar simple since sincere sing single sink sister sit site situation six size skate skill skin skip skirt sky
slave sleep sleeve slice slide slight slim slip slow small smart smell smile smoke smooth snack snake snow so soap soccer
social society sock soft soil soldier solid solution solve some somebody someone something sometimes somewhere son song
soon sore sorrow sorry sort soul sound soup source south space spare speak special species specific speech speed spell
spend spice spider spill spin spirit spite split spoil spoon sport spot spread spring square stable staff stage stain
stair stamp stand standard star stare start state station statue status stay steady steal steam steel steep stem step
stick stiff still stir stock stomach stone stop store storm story stove straight strange stranger strategy straw stream
street strength stress stretch strict strike string strip stroke strong structure struggle student studio study stuff
stupid style subject succeed success such sudden suffer sugar suggest suicide suit suitcase sum summary summer sun sunday
super supper supply support suppose sure surface surgeon surgery surname surprise surround survey survive suspect suspend
swallow swan swear sweat sweater sweep sweet swim swing switch sword symbol sympathy system table tail take tale talent
talk tall tank tape target task taste tax taxi tea teach teacher team tear tease technical technology teenager teenage telephone
television tell temper temperature temple temporary ten tend tennis tension tent term terrible terrify territory terror
test text than thank that the theater theme then theory there therefore they thick thief thin thing think third thirsty
thirteen thirty this though thought thousand thread threat three throat through throw thumb thunder thursday ticket tide
tidy tie tiger tight till time tiny tip tired tissue title to toast today toe together toilet tomato tomorrow tone tongue
tonight too tool tooth top topic torch torture total touch tough tour tourist toward towel tower town toy track trade
tradition traffic tragedy train transfer transform translate transport trap travel treasure treat tree tremble trend
trial triangle trick trip triumph trouble trousers truck true trumpet trunk trust truth try tube tuesday tune tunnel turn
twelve twenty twice twin twist two type typical ugly ultimate umbrella unable uncle under understand uniform union unique
unit unite universe university unless until up upon upper upset upstairs urban urge urgent us use usual valley value van
vanish variety various vast vegetable vehicle version very victim victory video view village violence violin virtue virus
visa visible vision visit vital vocabulary voice volume volunteer vote wage wagon waist wait waiter wake walk wall wallet
wander want war wardrobe warm warn wash waste watch water wave way we weak wealth weapon wear weather web wedding
wednesday week weekend weigh weird welcome well west wet whale what wheat wheel when where whether which while whisper
whistle white who whole why wide widow wife wild will win wind window wine wing winner winter wire wise wish witch with
within without witness wizard wolf woman wonder wood wool word work world worm worry worse worship worst worth would wound
wrap wreck wrist write wrong yard year yell yellow yes yesterday yet you young your youth zebra zero zone zoo
"""


_ENDINGS = (
    "able", "al", "ance", "ation", "ed", "en", "ence", "ent", "er", "es", "est", "ful", "ic", "ing", "ion", "ish", "ity", "ive", "less",
    "ly", "ment", "ness", "or", "ous", "s",
)  # fmt: skip


@cache
def _words() -> frozenset[str]:
    return frozenset(_WORDS.split())


@lru_cache(maxsize=65_536)
def is_english(word: str) -> bool:
    """Whether a word is an everyday one, in any of its forms; "houre" and "minuts" are none."""
    if len(word) > _LONGEST:
        return False
    word = IRREGULAR.get(word, word)
    return word in _words() or any(
        is_english(root)
        for ending in _ENDINGS
        if word.endswith(ending)
        for root in _roots(word.removesuffix(ending), ending)
    )


def _roots(start: str, ending: str) -> Iterator[str]:
    """What may have stood before an ending: "stop" in "stopped", "happy" in "happily", "write" in "writing"."""
    if len(start) < _SHORTEST:
        return
    yield start
    if ending[0] in "aeiou":
        yield f"{start}e"
        if start[-1] == start[-2]:
            yield start[:-1]
    if start[-1] == "i":
        yield f"{start[:-1]}y"
