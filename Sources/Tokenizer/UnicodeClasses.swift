// Made by scripts/generate-unicode-classes; changed there.

extension CharacterClasses {
    /// The distinct blocks of 32 scalars, in the order in which they first occur; a letter for each scalar's class.
    ///
    /// `U` upper or title case, `l` lower case, `o` another letter, `m` mark, `n` number, `r` CR or LF, `s` other white
    /// space, `-` anything else.
    static let blockText: String = """
        ---------srssr------------------ s---------------nnnnnnnnnn------ -UUUUUUUUUUUUUUUUUUUUUUUUUU-----
        -llllllllllllllllllllllllll----- -----s-------------------------- s---------o-------nn-l---no-nnn-
        UUUUUUUUUUUUUUUUUUUUUUU-UUUUUUUl lllllllllllllllllllllll-llllllll UlUlUlUlUlUlUlUlUlUlUlUlUlUlUlUl
        UlUlUlUlUlUlUlUlUlUlUlUllUlUlUlU lUlUlUlUllUlUlUlUlUlUlUlUlUlUlUl UlUlUlUlUlUlUlUlUlUlUlUlUUlUlUll
        lUUlUlUUlUUUllUUUUlUUlUUUlllUUlU UlUlUlUUlUllUlUUlUUUlUlUUlloUlll ooooUUlUUlUUlUlUlUlUlUlUlUlUllUl
        UlUlUlUlUlUlUlUllUUlUlUUUlUlUlUl UlUlUlUlUlUlUlUlUlUlllllllUUlUUl lUlUUUUlUlUlUlUlllllllllllllllll
        llllllllllllllllllllllllllllllll llllllllllllllllllllolllllllllll lllllllllllllllloooooooooooooooo
        oo----oooooooooooo-------------- ooooo-------o-o----------------- mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm
        mmmmmmmmmmmmmmmmUlUlo-Ul--olll-U ------U-UUU-U-UUlUUUUUUUUUUUUUUU UU-UUUUUUUUUllllllllllllllllllll
        lllllllllllllllUllUUUlllUlUlUlUl UlUlUlUlUlUlUlUlllllUl-UlUUllUUU UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU
        UUUUUUUUUUUUUUUUllllllllllllllll Ul-mmmmmmmUlUlUlUlUlUlUlUlUlUlUl UUlUlUlUlUlUlUllUlUlUlUlUlUlUlUl
        UlUlUlUlUlUlUlUl-UUUUUUUUUUUUUUU UUUUUUUUUUUUUUUUUUUUUUU--o------ lllllllll--------mmmmmmmmmmmmmmm
        mmmmmmmmmmmmmmmmmmmmmmmmmmmmmm-m -mm-mm-m--------oooooooooooooooo ooooooooooo----oooo-------------
        ----------------mmmmmmmmmmm----- oooooooooooooooooooooooooooooooo ooooooooooommmmmmmmmmmmmmmmmmmmm
        nnnnnnnnnn----oomooooooooooooooo oooooooooooooooooooo-ommmmmmm--m mmmmmoomm-mmmmoonnnnnnnnnnooo--o
        ----------------omoooooooooooooo oooooooooooooooommmmmmmmmmmmmmmm mmmmmmmmmmm--ooooooooooooooooooo
        oooooommmmmmmmmmmo-------------- nnnnnnnnnnoooooooooooooooooooooo ooooooooooommmmmmmmmoo----o--m--
        oooooooooooooooooooooommmmommmmm mmmmommmommmmm------------------ ooooooooooooooooooooooooommm----
        ooooooooooo-----oooooooooooooooo oooooooo-oooooo--------mmmmmmmmm oooooooooommmmmmmmmmmmmmmmmmmmmm
        mm-mmmmmmmmmmmmmmmmmmmmmmmmmmmmm mmmmoooooooooooooooooooooooooooo oooooooooooooooooooooooooommmomm
        mmmmmmmmmmmmmmmmommmmmmmoooooooo oomm--nnnnnnnnnn-ooooooooooooooo ommm-oooooooo--oo--ooooooooooooo
        ooooooooo-ooooooo-o---oooo--momm mmmmm--mm--mmmo--------m----oo-o oomm--nnnnnnnnnnoo--nnnnnn--o-m-
        -mmm-oooooo----oo--ooooooooooooo ooooooooo-ooooooo-oo-oo-oo--m-mm mmm----mm--mmm---m-------oooo-o-
        ------nnnnnnnnnnmmooom---------- -mmm-ooooooooo-ooo-ooooooooooooo ooooooooo-ooooooo-oo-ooooo--momm
        mmmmmm-mmm-mmm--o--------------- oomm--nnnnnnnnnn---------ommmmmm -mmm-oooooooo--oo--ooooooooooooo
        mmmmm--mm--mmm-------mmm----oo-o oomm--nnnnnnnnnn-onnnnnn-------- --mo-oooooo---ooo-oooo---oo-o-oo
        ---oo---ooo---oooooooooooo----mm mmm---mmm-mmmm--o------m-------- ------nnnnnnnnnnnnn-------------
        mmmmmoooooooo-ooo-oooooooooooooo ooooooooo-oooooooooooooooo--momm mmmmm-mmm-mmmm-------mm-ooo--o--
        oomm--nnnnnnnnnn--------nnnnnnn- ommm-oooooooo-ooo-oooooooooooooo ooooooooo-oooooooooo-ooooo--momm
        mmmmm-mmm-mmmm-------mm------oo- oomm--nnnnnnnnnn-oom------------ mmmmooooooooo-ooo-oooooooooooooo
        ooooooooooooooooooooooooooommomm mmmmm-mmm-mmmmo-----ooomnnnnnnno oomm--nnnnnnnnnnnnnnnnnnn-oooooo
        -mmm-oooooooooooooooooo---oooooo oooooooooooooooooo-ooooooooo-o-- ooooooo---m----mmmmmm-m-mmmmmmmm
        ------nnnnnnnnnn--mm------------ -ooooooooooooooooooooooooooooooo ooooooooooooooooomoommmmmmm-----
        ooooooommmmmmmm-nnnnnnnnnn------ -------------------------------- -oo-o-ooooo-oooooooooooooooooooo
        oooo-o-oooooooooomoommmmmmmmmo-- ooooo-o-mmmmmmm-nnnnnnnnnn--oooo o-----------------------mm------
        nnnnnnnnnnnnnnnnnnnn-m-m-m----mm oooooooo-ooooooooooooooooooooooo ooooooooooooo----mmmmmmmmmmmmmmm
        mmmmm-mmooooommmmmmmmmmm-mmmmmmm mmmmmmmmmmmmmmmmmmmmmmmmmmmmm--- ------m-------------------------
        ooooooooooommmmmmmmmmmmmmmmmmmmo nnnnnnnnnn------oooooommmmoooomm mommmoommmmmmmooommmmooooooooooo
        oommmmmmmmmmmmomnnnnnnnnnnmmmm-- UUUUUU-U-----U--llllllllllllllll lllllllllllllllllllllllllll-olll
        ooooooooo-oooo--ooooooo-o-oooo-- ooooooooo-oooo--oooooooooooooooo ooooooooooooooooo-oooo--ooooooo-
        o-oooo--ooooooooooooooo-oooooooo ooooooooooooooooo-oooo--oooooooo ooooooooooooooooooooooooooo--mmm
        ---------nnnnnnnnnnnnnnnnnnnn--- oooooooooooooooo---------------- UUUUUUUUUUUUUUUUUUUUUU--llllll--
        ooooooooooooo--ooooooooooooooooo soooooooooooooooooooooooooo----- ooooooooooo---nnnoooooooo-------
        oooooooooooooooooommmm---------o oooooooooooooooooommm----------- oooooooooooooooooomm------------
        ooooooooooooo-ooo-mm------------ oooooooooooooooooooommmmmmmmmmmm mmmmmmmmmmmmmmmmmmmm---o----om--
        nnnnnnnnnn------nnnnnnnnnn------ -----------mmm-mnnnnnnnnnn------ ooooooooooooooooooooooooo-------
        ooooommooooooooooooooooooooooooo ooooooooomo-----oooooooooooooooo oooooooooooooooooooooo----------
        ooooooooooooooooooooooooooooooo- mmmmmmmmmmmm----mmmmmmmmmmmm---- ------nnnnnnnnnnoooooooooooooooo
        oooooooooooooo--ooooo----------- oooooooooooo----oooooooooooooooo oooooooooo------nnnnnnnnnnn-----
        ooooooooooooooooooooooommmmm---- ooooooooooooooooooooommmmmmmmmm- mmmmmmmmmmmmmmmmmmmmmmmmmmmmm--m
        -------o--------mmmmmmmmmmmmmmmm mmmmmmmmmmmmmmm----------------- mmmmmooooooooooooooooooooooooooo
        mmmmmoooooooo---nnnnnnnnnn------ -----------mmmmmmmmm------------ mmmooooooooooooooooooooooooooooo
        ommmmmmmmmmmmmoonnnnnnnnnnoooooo oooooommmmmmmmmmmmmm------------ oooommmmmmmmmmmmmmmmmmmm--------
        nnnnnnnnnn---ooonnnnnnnnnnoooooo oooooooooooooooooooooooooooooo-- lllllllllUl-----UUUUUUUUUUUUUUUU
        UUUUUUUUUUUUUUUUUUUUUUUUUUU--UUU ----------------mmm-mmmmmmmmmmmm mmmmmmmmmoooomoooooomoommmo-----
        lllllllllllloooooooooooooooooooo ooooooooooolllllllllllllolllllll lllllllllllllllllllllllllllooooo
        UlUlUlUlUlUlUlUlUlUlUlllllllllUl llllllllUUUUUUUUllllll--UUUUUU-- llllllllUUUUUUUUllllllllUUUUUUUU
        llllll--UUUUUU--llllllll-U-U-U-U llllllllUUUUUUUUllllllllllllll-- llllllllUUUUUUUUlllll-llUUUUU-l-
        --lll-llUUUUU---llll--llUUUU---- llllllllUUUUU-----lll-llUUUUU--- sssssssssss---------------------
        --------ss-----s---------------- -------------------------------s ----------------no--nnnnnn-----o
        nnnnnnnnnn------ooooooooooooo--- ----------------mmmmmmmmmmmmmmmm mmmmmmmmmmmmmmmmm---------------
        --U----U--lUUUllUUUl-U---UUUUU-- ----U-U-U-UUUU-lUUUUlooool--llUU -----Ullll----l-nnnnnnnnnnnnnnnn
        nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn nnnUlnnnnn---------------------- nnnnnnnnnnnnnnnnnnnnnnnnnnnn----
        ----------nnnnnnnnnnnnnnnnnnnnnn ----------------------nnnnnnnnnn nnnnnnnnnnnnnnnnnnnn------------
        UlUUUllUlUlUlUUUUlUllUllllllooUU UlUll------UlUlmmmUl---------n-- llllll-l-----l--oooooooooooooooo
        oooooooo-------o---------------m ooooooooooooooooooooooo--------- ooooooo-ooooooo-ooooooo-ooooooo-
        ---------------o---------------- s----oon------------------------ -nnnnnnnnnmmmmmm-ooooo--nnnoo---
        ooooooooooooooooooooooo--mm--ooo ooooooooooooooooooooooooooo-oooo -----ooooooooooooooooooooooooooo
        oooooooooooooooo-ooooooooooooooo ooooooooooooooo---nnnn---------- ----------------oooooooooooooooo
        nnnnnnnnnn---------------------- --------nnnnnnnn-nnnnnnnnnnnnnnn -----------------nnnnnnnnnnnnnnn
        ooooooooooooo------------------- ooooooooooooo---oooooooooooooooo nnnnnnnnnnoo--------------------
        UlUlUlUlUlUlUlommmm-mmmmmmmmmm-o UlUlUlUlUlUlUlUlUlUlUlUlUlUloomm oooooonnnnnnnnnnmm--------------
        -----------------------ooooooooo --UlUlUlUlUlUlUlllUlUlUlUlUlUlUl UlUlUlUlUlUlUlUlollllllllUlUlUUl
        UlUlUlUlo--UlUloUlUlllUlUlUlUlUl UlUlUlUlUlUUUUUlUUUUUlUlUlUlUlUl UlUlUUUUlUlUUl--Ul-l-lUlUlUlU---
        ------------------oooUlooolooooo oomooomoooomoooooooooooooooooooo ooommmmm----m---nnnnnn----------
        oooooooooooooooooooo------------ mmoooooooooooooooooooooooooooooo mmmmmm----------nnnnnnnnnn------
        mmmmmmmmmmmmmmmmmmoooooo---o-oom oooooommmmmmmm--oooooooooooooooo ooooooommmmmmmmmmmmm------------
        ooooooooooooooooooooooooooooo--- ooooooooooooooooooommmmmmmmmmmmm m--------------onnnnnnnnnn------
        ooooomoooooooooonnnnnnnnnnooooo- ooooooooommmmmmmmmmmmmm--------- ooomoooooooomm--nnnnnnnnnn------
        ooooooooooooooooooooooo---ommmoo oooooooooooooooomommmoommooooomm omo------------------------ooo--
        ooooooooooommmmm--ooomm--------- -oooooo--oooooo--oooooo--------- ooooooo-ooooooo-llllllllllllllll
        lllllllllllllllllllllllllll-oooo lllllllllo------llllllllllllllll ooommmmmmmm-mm--nnnnnnnnnn------
        oooo------------oooooooooooooooo ooooooo----ooooooooooooooooooooo oooooooooooooooooooooooooooo----
        oooooooooooooo--oooooooooooooooo oooooooooooooooooooooooooo------ lllllll------------lllll-----omo
        ooooooooo-ooooooooooooo-ooooo-o- oo-oo-oooooooooooooooooooooooooo oooooooooooooooooo--------------
        -------------------ooooooooooooo oooooooooooooooo--oooooooooooooo oooooooo------------------------
        ----------------oooooooooooo---- mmmmmmmmmmmmmmmm---------------- ----------------ooooo-oooooooooo
        ----------------nnnnnnnnnn------ ------oooooooooooooooooooooooooo --oooooo--oooooo--oooooo--ooo---
        oooooooooooo-ooooooooooooooooooo ooooooo-ooooooooooooooooooo-oo-o oooooooooooooo--oooooooooooooo--
        ooooooooooooooooooooooooooo----- -------nnnnnnnnnnnnnnnnnnnnnnnnn nnnnnnnnnnnnnnnnnnnnnnnnn-------
        ----------nn-------------------- -----------------------------m-- ooooooooooooooooo---------------
        mnnnnnnnnnnnnnnnnnnnnnnnnnnn---- nnnn---------ooooooooooooooooooo onoooooooon-----oooooooooooooooo
        oooooooooooooooooooooommmmm----- oooo----oooooooo-nnnnn---------- UUUUUUUUllllllllllllllllllllllll
        nnnnnnnnnn------UUUUUUUUUUUUUUUU UUUUUUUUUUUUUUUUUUUU----llllllll llllllllllllllllllllllllllll----
        oooooooo--------oooooooooooooooo oooo------------UUUUUUUUUUU-UUUU UUUUUUUUUUU-UUUUUUU-UU-lllllllll
        ll-lllllllllllllll-lllllll-ll--- oooooo-ooooooooooooooooooooooooo ooooooooooooooooo-ooooooooo-----
        oooooo--o-oooooooooooooooooooooo oooooooooooooooooooooo-oo---o--o oooooooooooooooooooooo--nnnnnnnn
        ooooooooooooooooooooooo--nnnnnnn -------nnnnnnnnn---------------- ooooooooooooooooooo-oo-----nnnnn
        oooooooooooooooooooooonnnnnn---- oooooooooooooooooooooooo----nnoo nnnnnnnnnnnnnnnn--nnnnnnnnnnnnnn
        ommm-mm-----mmmmoooo-ooo-ooooooo oooooooooooooooooooooo--mmm----m nnnnnnnnn-----------------------
        ooooooooooooooooooooooooooooonn- ooooooooooooooooooooooooooooonnn ooooomm----nnnnn----------------
        ooooooooooooooooooo-----nnnnnnnn ---------nnnnnnn---------------- ooooooooo-----------------------
        UUUUUUUUUUUUUUUUUUU------------- lllllllllllllllllll-------nnnnnn oooommmm--------nnnnnnnnnn------
        nnnnnnnnnnooooooUUUUUUUUUUUUUUUU UUUUUU---mmmmm-ollllllllllllllll llllll--------------------------
        nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn- oooooooooo-mm---oo-------------- --ooo---------------------------
        ----------------------------mmmm nnnnnnno--------oooooooooooooooo oooooommmmmmmmmmmnnnn-----------
        oommmm-------------------------- ooooonnnnnnn-------------------- oooooooooooooooooooooooommmmmmmm
        mmmmmmm-----------nnnnnnnnnnnnnn nnnnnnnnnnnnnnnnmoommo---------m oooooooooooooooommmmmmmmmmm-----
        --m-------------oooooooooooooooo ooooooooo-------nnnnnnnnnn------ ooooooommmmmmmmmmmmmm-nnnnnnnnnn
        ----ommo--------oooooooooooooooo ooooooooooooooooooom--o--------- moooo----mmmm-mmnnnnnnnnnno-o---
        -nnnnnnnnnnnnnnnnnnnn----------- oooooooooooooooooo-ooooooooooooo oooooooooooommmmmmmmmmmm------mo
        om------------------------------ ooooooo-o-oooo-ooooooooooooooo-o ooooooooo-------oooooooooooooooo
        ooooooooooooooooooooooooooooooom mmmmmmmmmmm-----nnnnnnnnnn------ mmmm-oooooooo--oo--ooooooooooooo
        ooooooooo-ooooooo-oo-ooooo-mmomm mmmmm--mm--mmm--o------m-----ooo oomm--mmmmmmm---mmmmm-----------
        oooooooooo-o--o-oooooooooooooooo oooooooooooooooooooooo-ommmmmmmm m-m--m-mmmm-mmmmmomo------------
        -mm----------------------------- ooooooooooooooooooooommmmmmmmmmm mmmmmmmoooo-----nnnnnnnnnn----mo
        oo------------------------------ mmmmoo-o--------nnnnnnnnnn------ ooooooooooooooommmmmmm--mmmmmmmm
        m-----------------------oooomm-- m---o-----------nnnnnnnnnn------ ooooooooooommmmmmmmmmmmmo-------
        nnnnnnnnnn------nnnnnnnnnnnnnnnn nnnn---------------------------- mmmmmmmmmmmm----nnnnnnnnnnnn----
        ooooooo------------------------- oooooooooooommmmmmmmmmmmmmm----- nnnnnnnnnnnnnnnnnnn------------o
        ooooooo--o--oooooooo-oo-oooooooo oooooooooooooooommmmmm-mm--mmmmo momm------------nnnnnnnnnn------
        oooooooo--oooooooooooooooooooooo ooooooooooooooooommmmmmm--mmmmmm mo-om---------------------------
        ommmmmmmmmmooooooooooooooooooooo ooooooooooooooooooommmmmmmommmm- -------m--------ommmmmmmmmmmoooo
        oooooooooommmmmmmmmmmmmmmm---o-- o---------------nnnnnnnnnn------ ooooooooo-oooooooooooooooooooooo
        ooooooooooooooommmmmmmm-mmmmmmmm o---------------nnnnnnnnnnnnnnnn nnnnnnnnnnnnn-----oooooooooooooo
        oooooooooooooooo--mmmmmmmmmmmmmm mmmmmmmm-mmmmmmmmmmmmmm--------- ooooooo-oo-ooooooooooooooooooooo
        ooooooooooooooooommmmmm---m-mm-m mmmmmmom--------nnnnnnnnnn------ oooooo-oo-oooooooooooooooooooooo
        oooooooooommmmm-mm-mmmmmo------- ooooooooooooooooooommmm--------- mmomooooooooooooo-oooooooooooooo
        oooooooooooooooooooommmmmmm---mm mmm-------------nnnnnnnnnnm----- ----------------o---------------
        nnnnnnnnnnnnnnnnnnnnn----------- nnnnnnnnnnnnnnn----------------- oooo----------------------------
        moooooommmmmmmmmmmmmmm---------- oooooooooooooooooooooooooooooomm mmmmmmmmmmmmmmmmnnnnnnnnnn------
        nnnnnnnnnn------oooooooooooooooo oooooooooooooo--mmmmm----------- oooooooooooooooommmmmmm---------
        oooo------------nnnnnnnnnn-nnnnn nn-ooooooooooooooooooooo-----ooo ooooooooooooo---nnnnnnnnnn------
        nnnnnnnnnnnnnnnnnnnnnnn--------- ooooooooooo----mommmmmmmmmmmmmmm mmmmmmmm-------mmmmooooooooooooo
        oo-om-----------mm-------------- oooooooooooooooooooooooo-------- -------------------------------o
        ----------------oooo-ooooooo-oo- ooo---------------o------------- ----------------ooo--o----------
        ----oooo--------oooooooooooooooo ooooooooooo-----ooooooooooooo--- ooooooooo-------oooooooooo---mm-
        mmmmmmmmmmmmmm--mmmmmmmmmmmmmmmm mmmmmmm------------------------- -----mmmmm---mmmmmm--------mmmmm
        mmm--mmmmmmm-------------------- ----------mmmm------------------ --mmm---------------------------
        UUUUUUUUUUUUUUUUUUUUUUUUUUllllll llllllllllllllllllllUUUUUUUUUUUU UUUUUUUUUUUUUUlllllll-llllllllll
        llllllllUUUUUUUUUUUUUUUUUUUUUUUU UUllllllllllllllllllllllllllU-UU --U--UU--UUUU-UUUUUUUUllll-l-lll
        llll-lllllllllllUUUUUUUUUUUUUUUU UUUUUUUUUUllllllllllllllllllllll llllUU-UUUU--UUUUUUUU-UUUUUUU-ll
        llllllllllllllllllllllllUU-UUUU- UUUUU-U---UUUUUUU-llllllllllllll llllllllllllUUUUUUUUUUUUUUUUUUUU
        UUUUUUllllllllllllllllllllllllll UUUUUUUUUUUUUUllllllllllllllllll UUllllllllllllllllllllllllllUUUU
        UUUUUUUUUUUUUUUUUUUUUUllllllllll llllllllllllllllUUUUUUUUUUUUUUUU llllll--UUUUUUUUUUUUUUUUUUUUUUUU
        U-lllllllllllllllllllllllll-llll llUUUUUUUUUUUUUUUUUUUUUUUUU-llll lllllllllllllllllllll-llllllUUUU
        UUUUUUUUUUUUUUUUUUUUU-llllllllll lllllllllllllll-llllllUUUUUUUUUU UUUUUUUUUUUUUUU-llllllllllllllll
        lllllllll-llllllUUUUUUUUUUUUUUUU UUUUUUUUU-llllllllllllllllllllll lll-llllllUl--nnnnnnnnnnnnnnnnnn
        mmmmmmmmmmmmmmmmmmmmmmm----mmmmm mmmmmmmmmmmmm--------m---------- ----m----------------------mmmmm
        -mmmmmmmmmmmmmmm---------------- llllllllllollllllllllllllllllll- -----llllll---------------------
        mmmmmmm-mmmmmmmmmmmmmmmmm--mmmmm mm-mm-mmmmm-----oooooooooooooooo oooooooooooooo------------------
        ---------------m---------------- ooooooooooooo---mmmmmmmooooooo-- nnnnnnnnnn----o-----------------
        oooooooooooooom----------------- oooooooooooommmmnnnnnnnnnn------ oooooooooooooommonnnnnnnnnn-----
        ooooooo-oooo-oo-ooooooooooooooo- ooooo--nnnnnnnnnmmmmmmm--------- UUllllllllllllllllllllllllllllll
        llllmmmmmmmo----nnnnnnnnnn------ nnnnnnnnnnnn-nnn-nnnn----------- -nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
        nnnnnnnnnnnnnn-nnnnnnnnnnnnnnn-- oooo-ooooooooooooooooooooooooooo -oo-o--o-oooooooooo-oooo-o-o----
        --o----o-o-o-ooo-oo-o--o-o-o-o-o -oo-o--oooo-ooooooo-oooo-oooo-o- oooooooooo-ooooooooooooooooo----
        -ooo-ooooo-ooooooooooooooooo---- nnnnnnnnnnnnn------------------- oo--------------oooooooooooooooo
        o---------------oooooooooooooooo
        """

    /// For the blocks of all scalars in order: how many in a row have the same contents, and which.
    static let blockRuns: [(count: UInt16, block: UInt16)] = [
        (1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (1, 9), (1, 10), (1, 11), (1, 12),
        (1, 13), (1, 14), (1, 15), (1, 8), (1, 16), (1, 17), (1, 18), (1, 19), (1, 20), (1, 21), (1, 22), (3, 23),
        (1, 24), (1, 25), (1, 26), (1, 27), (1, 28), (1, 29), (1, 30), (1, 18), (1, 8), (1, 31), (1, 8), (1, 32),
        (2, 8), (1, 33), (1, 34), (1, 18), (1, 35), (1, 36), (1, 37), (1, 38), (1, 39), (1, 40), (1, 41), (1, 42),
        (2, 40), (1, 43), (1, 44), (1, 45), (1, 46), (1, 47), (2, 40), (1, 48), (1, 49), (1, 50), (1, 51), (1, 52),
        (1, 53), (1, 54), (1, 55), (1, 40), (1, 56), (1, 57), (1, 58), (1, 59), (1, 60), (1, 61), (1, 62), (1, 63),
        (1, 64), (1, 65), (1, 66), (1, 67), (1, 68), (1, 69), (1, 70), (1, 71), (1, 72), (1, 73), (1, 74), (1, 71),
        (1, 75), (1, 76), (1, 77), (1, 78), (1, 79), (1, 80), (1, 81), (1, 82), (1, 83), (1, 84), (1, 85), (1, 86),
        (1, 87), (1, 88), (1, 89), (1, 90), (1, 91), (1, 92), (1, 93), (1, 94), (1, 95), (1, 96), (1, 97), (1, 98),
        (1, 99), (1, 100), (1, 101), (1, 102), (1, 103), (1, 100), (1, 104), (1, 105), (1, 106), (1, 107), (1, 108),
        (1, 109), (1, 110), (1, 100), (1, 40), (1, 111), (1, 112), (1, 113), (1, 114), (1, 29), (1, 115), (1, 116),
        (10, 40), (1, 117), (1, 40), (1, 118), (1, 119), (1, 120), (1, 40), (1, 121), (1, 40), (1, 122), (1, 123),
        (1, 124), (2, 29), (1, 125), (1, 97), (18, 40), (1, 126), (1, 127), (2, 40), (1, 128), (1, 129), (1, 130),
        (1, 131), (1, 132), (1, 40), (1, 133), (1, 134), (1, 135), (1, 136), (2, 40), (1, 137), (1, 138), (1, 139),
        (1, 40), (1, 140), (1, 141), (1, 142), (1, 143), (1, 144), (1, 40), (1, 145), (1, 146), (1, 100), (1, 147),
        (1, 40), (1, 148), (1, 149), (1, 135), (1, 150), (1, 151), (1, 100), (1, 152), (1, 133), (1, 153), (1, 154),
        (1, 155), (1, 156), (1, 40), (1, 157), (1, 40), (1, 158), (1, 159), (1, 160), (1, 161), (1, 162), (1, 163),
        (1, 164), (1, 18), (1, 165), (1, 40), (1, 166), (1, 167), (1, 40), (2, 23), (4, 8), (1, 168), (3, 8), (1, 169),
        (1, 170), (1, 171), (1, 172), (1, 170), (1, 173), (1, 174), (1, 175), (1, 176), (1, 177), (1, 178), (1, 179),
        (1, 180), (1, 100), (1, 181), (1, 182), (1, 183), (1, 184), (1, 185), (1, 186), (1, 187), (22, 100), (1, 186),
        (1, 188), (2, 100), (1, 189), (19, 100), (1, 190), (1, 191), (35, 100), (1, 29), (1, 30), (1, 18), (1, 192),
        (3, 8), (1, 193), (1, 18), (1, 194), (1, 40), (1, 195), (1, 196), (2, 197), (1, 23), (1, 100), (1, 198),
        (14, 100), (1, 199), (1, 200), (1, 97), (1, 40), (1, 201), (1, 97), (1, 40), (1, 202), (1, 203), (1, 204),
        (2, 40), (1, 205), (1, 40), (1, 100), (1, 206), (1, 100), (1, 207), (1, 208), (1, 100), (1, 207), (1, 209),
        (10, 100), (206, 40), (2, 100), (692, 40), (1, 210), (1, 100), (1, 206), (1, 160), (8, 40), (1, 211), (1, 212),
        (1, 8), (1, 213), (1, 214), (2, 40), (1, 215), (1, 216), (1, 217), (1, 8), (1, 218), (1, 219), (1, 220),
        (1, 221), (1, 222), (1, 223), (1, 224), (1, 40), (1, 225), (1, 226), (1, 133), (1, 227), (1, 228), (1, 49),
        (1, 229), (1, 230), (1, 231), (1, 58), (1, 232), (1, 233), (1, 234), (1, 40), (1, 235), (1, 236), (1, 237),
        (1, 40), (1, 238), (1, 239), (1, 240), (1, 241), (1, 242), (1, 243), (1, 244), (2, 18), (1, 40), (1, 245),
        (349, 40), (1, 246), (1, 247), (1, 248), (264, 100), (11, 40), (1, 249), (2, 40), (1, 250), (1, 100), (1, 251),
        (1, 252), (1, 253), (2, 40), (1, 254), (1, 255), (10, 40), (1, 160), (1, 206), (1, 40), (1, 256), (1, 40),
        (1, 257), (1, 258), (2, 259), (1, 100), (1, 260), (3, 40), (1, 231), (1, 261), (1, 2), (1, 3), (1, 262),
        (1, 40), (1, 141), (1, 263), (1, 100), (1, 264), (1, 265), (1, 266), (1, 100), (3, 40), (1, 267), (1, 268),
        (1, 191), (1, 186), (1, 269), (1, 270), (2, 100), (1, 271), (4, 100), (1, 231), (1, 40), (1, 272), (1, 273),
        (1, 40), (1, 274), (1, 275), (1, 276), (1, 160), (1, 40), (1, 277), (1, 100), (1, 29), (1, 278), (1, 20),
        (1, 40), (1, 160), (1, 279), (1, 280), (1, 281), (1, 40), (1, 282), (1, 40), (1, 283), (1, 284), (1, 285),
        (1, 40), (1, 225), (9, 40), (1, 196), (1, 140), (1, 257), (1, 286), (1, 287), (2, 100), (1, 288), (1, 289),
        (1, 290), (1, 291), (1, 141), (1, 292), (1, 100), (1, 293), (1, 294), (1, 250), (2, 100), (1, 40), (1, 295),
        (1, 296), (1, 186), (1, 297), (1, 298), (1, 299), (1, 300), (1, 301), (1, 100), (1, 106), (1, 302), (1, 40),
        (1, 140), (1, 290), (1, 303), (1, 254), (1, 304), (2, 100), (2, 40), (1, 305), (1, 100), (1, 29), (1, 306),
        (1, 18), (1, 307), (1, 40), (1, 308), (1, 309), (1, 310), (1, 311), (6, 100), (1, 312), (1, 40), (1, 313),
        (1, 314), (1, 315), (1, 301), (1, 316), (1, 317), (1, 206), (1, 318), (1, 206), (1, 319), (1, 196), (1, 155),
        (1, 320), (1, 321), (1, 322), (1, 155), (1, 323), (1, 324), (1, 325), (1, 155), (1, 326), (1, 327), (1, 328),
        (1, 155), (1, 232), (1, 329), (1, 330), (1, 331), (1, 332), (1, 333), (1, 100), (1, 334), (1, 335), (1, 336),
        (1, 337), (1, 338), (1, 339), (1, 340), (1, 341), (1, 342), (1, 343), (1, 344), (1, 345), (1, 40), (1, 346),
        (1, 347), (1, 348), (1, 40), (1, 46), (1, 349), (5, 100), (1, 40), (1, 350), (1, 351), (1, 100), (1, 40),
        (1, 46), (1, 352), (1, 100), (1, 40), (1, 353), (1, 354), (1, 355), (1, 122), (1, 356), (1, 357), (5, 100),
        (1, 40), (1, 358), (3, 100), (1, 29), (1, 18), (1, 359), (1, 360), (1, 361), (1, 362), (2, 100), (1, 363),
        (1, 364), (1, 365), (1, 366), (1, 367), (1, 368), (1, 40), (1, 369), (1, 206), (1, 40), (1, 137), (6, 100),
        (1, 40), (1, 370), (1, 371), (1, 372), (1, 373), (1, 374), (1, 375), (1, 376), (2, 100), (1, 377), (1, 378),
        (1, 379), (1, 380), (1, 381), (1, 207), (9, 100), (1, 382), (1, 383), (1, 384), (1, 385), (2, 100), (1, 386),
        (1, 387), (1, 100), (28, 40), (1, 250), (3, 100), (3, 186), (1, 388), (6, 40), (1, 389), (81, 100), (1, 206),
        (2, 40), (1, 272), (33, 40), (1, 124), (1, 390), (124, 40), (1, 267), (18, 40), (1, 357), (213, 100), (1, 391),
        (1, 392), (54, 100), (17, 40), (1, 137), (1, 141), (1, 393), (1, 40), (1, 141), (1, 393), (1, 394), (1, 40),
        (1, 395), (1, 396), (1, 397), (1, 124), (13, 100), (1, 40), (1, 398), (6, 100), (1, 29), (1, 18), (1, 399),
        (3, 100), (2, 40), (1, 400), (1, 23), (1, 401), (2, 100), (1, 402), (191, 40), (1, 403), (38, 40), (1, 140),
        (1, 404), (1, 305), (278, 100), (1, 405), (9, 40), (1, 406), (1, 407), (1, 408), (11, 40), (1, 248), (72, 100),
        (3, 40), (1, 409), (1, 410), (130, 100), (1, 261), (16, 100), (1, 23), (1, 411), (1, 412), (16, 100), (1, 413),
        (1, 414), (1, 415), (4, 100), (1, 416), (3, 100), (2, 191), (3, 100), (1, 269), (4, 100), (1, 417), (1, 418),
        (1, 419), (1, 420), (1, 421), (1, 422), (1, 423), (1, 424), (1, 425), (1, 426), (1, 427), (1, 428), (1, 429),
        (1, 417), (1, 418), (1, 430), (1, 420), (1, 431), (1, 432), (1, 433), (1, 424), (1, 434), (1, 435), (1, 436),
        (1, 437), (1, 438), (1, 439), (1, 440), (1, 441), (1, 442), (1, 443), (1, 186), (16, 100), (1, 23), (1, 444),
        (1, 23), (1, 445), (1, 446), (1, 447), (34, 100), (1, 448), (1, 449), (6, 100), (1, 450), (1, 451), (1, 40),
        (1, 452), (1, 453), (3, 100), (1, 40), (1, 454), (1, 455), (9, 100), (1, 206), (1, 456), (1, 40), (1, 457),
        (14, 100), (1, 206), (1, 457), (6, 100), (1, 206), (1, 458), (15, 100), (1, 459), (6, 40), (1, 460), (1, 100),
        (1, 29), (1, 461), (1, 462), (24, 100), (1, 209), (1, 186), (1, 463), (2, 100), (1, 464), (1, 465), (6, 100),
        (1, 466), (1, 467), (1, 468), (1, 469), (1, 470), (1, 471), (18, 100), (1, 472), (86, 100), (1, 261), (32, 100),
        (1335, 40), (1, 100), (129, 40), (1, 250), (6, 40), (1, 160), (180, 40), (1, 473), (233, 40), (1, 474),
        (18, 40), (1, 160), (77, 100), (16, 40), (1, 160), (47, 100), (154, 40), (1, 54), (130, 40), (1, 124),
        (22250, 100), (7, 23), (1, 259), (6128, 100),
    ]
}
