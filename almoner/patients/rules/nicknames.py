"""Which short names stand for which given names. Common knowledge, gathered by hand."""

_PAIRS = """
abigail abby gail; abraham abe bram; adam ad; adelaide addie heidi; agnes aggie nessie; albert al
bert bertie; alejandra ale sandra; alejandro ale alex jandro; alexander alex al sandy xander lex
sasha; alexandra alex sandra sandy lexi sasha alexa; alfred al fred alf; alice ally; allison ally
alli; alicia licha ally; alfonso poncho fonso; amanda mandy; amelia millie amy mia; ana anita;
andrea andie drea; andrew andy drew; angela angie; ann annie nan nancy; anna annie anya; anthony
tony ant; antonia toni tonya; antonio tony tono toni; archibald archie; arthur art artie; augustus
gus augie; barbara barb barbie babs; bartholomew bart; beatrice bea trixie; beatriz bea betty;
benjamin ben benny benji; bernard bernie; bradley brad; bridget biddy bridie; caleb cal; calvin
cal; carlos carlitos charlie; carolina caro; caroline carrie carol caro; carmen carmela; cassandra
cass cassie sandra; catherine cathy cate kate katie kitty cat kathy kay katy; cecilia ceci cissy;
charles charlie chuck chas chip; charlotte charlie lottie; christian chris; christina chris tina
chrissy christy; christine chris tina chrissy christy; christopher chris kit topher; clarence
clare; claudia claudie; clifford cliff; clinton clint; concepcion concha conchita; constance
connie; consuelo chelo; cornelius neil con; curtis curt; cynthia cindy; daniel dan danny dani;
danielle dani; david dave davey; deborah deb debbie debby; delores dee lola; dolores lola dee;
dennis denny; diana di; dominic dom nick; dominick dom nick; donald don donnie; dorothy dot dottie
dolly; douglas doug; duncan dunc; edmund ed eddie ned; eduardo lalo edu eddie; edward ed eddie ted
teddy ned; edwin ed eddie; eleanor ellie nora nell lena; elena lena nena; eliana ellie; elijah
eli; elisabeth liz beth lisa betsy betty eliza lizzie; elizabeth liz beth lisa betsy betty bess
eliza lizzie libby elsie; ella ellie; emily em emmy millie; emma em emmy; enrique quique kike;
ernest ernie; esperanza espe; esteban steve; esther essie; eugene gene; evangeline eva evie;
evelyn eve evie; ezekiel zeke; ezra ez; fernando nando fer; florence flo flora; frances fran
frannie fanny; francesca fran; francis frank fran; francisca paca paquita pancha; francisco paco
pancho frank cisco kiko; franklin frank; frederick fred freddy rick; gabriel gabe gabi; gabriela
gaby gabi; gabrielle gaby gabi; genevieve gen eve; geoffrey geoff jeff; george georgie; gerald
gerry jerry; gerard gerry jerry; gertrude trudy gert; gilbert gil bert; gilberto beto; giovanni
gio john; gloria glo; grace gracie; graciela chela; gregory greg; gregorio goyo greg; guadalupe
lupe lupita; guillermo memo willy; gustavo gus tavo; gwendolyn gwen wendy; hannah nan; harold hal
harry; harriet hattie; harrison harry; helen nell nellie lena; henrietta etta hetty; henry hank
harry hal; herbert herb bert; hipolito polo; howard howie; hubert hugh bert; humberto beto;
ignacio nacho; isaac ike zac; isabel bella isa belle chabela; isabella bella izzy isa belle;
isabelle bella izzy belle; isidore izzy; ivan vanya; jacob jake jay coby; jacqueline jackie; jaime
jimmy; james jim jimmy jamie jem; jane janie jenny; janet jan; janice jan; jason jay; javier javi;
jean jeanie; jeffrey jeff; jennifer jen jenny jenna; jeremiah jerry jem; jeremy jem jerry; jerome
jerry; jesse jess; jessica jess jessie; jesus chuy chucho; joan joanie; joanna jo; joanne jo;
joaquin quino; john johnny jack jon; jonathan jon jonny nathan; jordan jordy; jorge george coque;
jose pepe joe chepe; josefina pepa fina; joseph joe joey jo; josephine jo josie; joshua josh; juan
juanito john; juana juanita; judith judy; julia jules; julian jules; julie jules; justin jus;
karen kari; katherine kathy kate katie kat kitty kay katy; kathleen kathy kate katie; kathryn
kathy kate katie kay; katrina kat trina; kenneth ken kenny; kevin kev; kimberly kim kimmy;
kristina kris tina krissy; kristine kris tina krissy; kristen kris; kristopher kris; laura laurie
lori; lauren laurie; laurence larry laurie; lawrence larry laurie; leonard leo len lenny; leonardo
leo nardo; leopold leo; leroy roy; leslie les; lewis lew lou; lillian lily lil; lincoln linc;
linda lindy; lorenzo larry enzo; loretta lori etta; lorraine lori; louis lou louie; louise lou;
lourdes lulu; lucas luke; lucia lucy; lucille lucy; ludwig lou; luis lucho lou; luz lucy; madeline
maddie; madison maddie; magdalena lena maggie; manuel manny manolo; marcus marc mark; margaret
maggie meg peggy marge margie greta daisy rita madge; margarita margo rita; maria mary mari; marie
mary; marilyn mary; marion mary; marjorie marge margie; mark marc; marta martha; martha marty
mattie; martin marty; mary molly polly mae mamie; matilda tilly mattie; matthew matt matty;
maureen mo; maurice mo morris; maximilian max; maxwell max; megan meg; melanie mel; melissa mel
missy lissa; melvin mel; mercedes merche; michael mike mick mickey mikey; michaela mick kayla;
michelle shelly mich; miguel mike migue; mildred millie; miranda mandy; miriam mimi; mitchell
mitch; mohammed mo; muhammad mo; montgomery monty; morris mo; nancy nan; natalia nat talia;
natalie nat; natasha tasha nat; nathan nate nat; nathaniel nate nat nathan; nicholas nick nicky
nico; nicolas nick nico; nicole nikki nicky; norman norm; octavia tavia; octavio tavo; oliver
ollie; olivia liv livvy; oscar ozzie; oswald oz ozzie; pablo paul; pamela pam; patricia pat patty
tricia trish; patrick pat paddy rick; paul paulie; paula polly; pedro pete perico; penelope penny;
percival percy; peter pete; philip phil pip; phillip phil pip; phyllis phyl; priscilla cilla;
prudence pru; rachel rae; rafael rafa rafe; ramon moncho ray; randall randy; randolph randy;
raphael rafe; raul rul; raymond ray; rebecca becky becca; reginald reg reggie; regina gina;
reynaldo rey; ricardo rick ricky cardo; richard rick dick rich ricky richie; rita ri; robert bob
rob bobby robbie bert; roberta bobbie robbie; roberto beto bob rob tito; rocio chio; roderick rod
rick; rodney rod; rodolfo rudy fito; rodrigo rod rigo; roger rog; roland rollie; ronald ron
ronnie; rosa rosie; rosalind roz rosie; rosario charo; rose rosie; rosemary rose rosie; ruben ben;
rudolph rudy; russell russ; ruth ruthie; samantha sam sammy; samson sam; samuel sam sammy; sandra
sandy; santiago santi chago diego; sarah sally sadie; saul solly; sebastian seb bastian; sergio
checo; seymour sy; sharon shari; sheldon shelly; shirley shirl; sidney sid; simon si; sofia sofi;
solomon sol; sophia sophie; stanley stan; stephanie steph steffi; stephen steve stevie steph;
steven steve stevie; stewart stu; stuart stu; susan sue susie suzy; susana sue susi; susanna sue
susie; suzanne sue suzy; sylvester sly; sylvia syl; tabitha tabby; tamara tammy; teresa terry tess
teri tere; terence terry; terrence terry; thaddeus thad tad; theodora dora theo; theodore ted
teddy theo; theresa terry tess tessa teri; thomas tom tommy; timothy tim timmy; tobias toby;
valentina val vale; valerie val; vanessa nessa; veronica ronnie vero; vicente chente; victor vic;
victoria vicky tori; vincent vin vince vinny; violet vi; virginia ginny ginger; vivian viv;
wallace wally; walter walt wally; wilfred will fred; wilhelmina mina willa; william bill will
billy willy liam; winifred winnie; winston win; yolanda yoli; yvonne vonnie; zachary zach zack;
zacharias zach
"""


def _read() -> dict[str, frozenset[str]]:
    formal: dict[str, set[str]] = {}
    for line in _PAIRS.replace("\n", " ").split(";"):
        full, *short = line.split(" ") if line.strip() else ("",)
        words = [word for word in (full, *short) if word]
        for word in words:
            formal.setdefault(word, {word}).add(words[0])
    return {word: frozenset(names) for word, names in formal.items()}


_FORMAL = _read()


def is_given(word: str) -> bool:
    """Whether this folded word is a given name we know; nothing is said of all the others."""
    return word in _FORMAL


def formal(given: str) -> frozenset[str]:
    """The formal names a folded given name may stand for, itself among them.

    ``alex`` may be alexander or alexandra; ``harry`` may be harold, harrison or henry.
    """
    return _FORMAL.get(given) or frozenset((given,))


def may_be_the_same(one: str, other: str) -> bool:
    """Whether two different given names may name one person: bob and robert, bill and will."""
    return not formal(one).isdisjoint(formal(other))
