"""What countries and the states of the USA are called: vendors want them by two letters.

Names are English ones, with those that many people still use (`Holland`, `Turkey`). Codes: ISO
3166-1, with `XK` as is usual for Kosovo; of states, ANSI INCITS 38.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_COUNTRIES = """
    AD AND/Andorra, AE ARE/United Arab Emirates/UAE, AF AFG/Afghanistan,
    AG ATG/Antigua and Barbuda, AI AIA/Anguilla, AL ALB/Albania, AM ARM/Armenia, AO AGO/Angola,
    AQ ATA/Antarctica, AR ARG/Argentina, AS ASM/American Samoa, AT AUT/Austria, AU AUS/Australia,
    AW ABW/Aruba, AX ALA/Aland Islands/Aland, AZ AZE/Azerbaijan, BA BIH/Bosnia and Herzegovina,
    BB BRB/Barbados, BD BGD/Bangladesh, BE BEL/Belgium, BF BFA/Burkina Faso, BG BGR/Bulgaria,
    BH BHR/Bahrain, BI BDI/Burundi, BJ BEN/Benin, BL BLM/Saint Barthelemy/St Barthelemy,
    BM BMU/Bermuda, BN BRN/Brunei Darussalam/Brunei, BO BOL/Bolivia, BQ BES/Bonaire, BR BRA/Brazil,
    BS BHS/Bahamas, BT BTN/Bhutan, BV BVT/Bouvet Island, BW BWA/Botswana, BY BLR/Belarus,
    BZ BLZ/Belize, CA CAN/Canada, CC CCK/Cocos/Cocos Islands,
    CD COD/Democratic Republic of the Congo/DR Congo, CF CAF/Central African Republic,
    CG COG/Congo/Republic of the Congo, CH CHE/Switzerland, CI CIV/Cote d'Ivoire/Ivory Coast,
    CK COK/Cook Islands, CL CHL/Chile, CM CMR/Cameroon, CN CHN/China, CO COL/Colombia,
    CR CRI/Costa Rica, CU CUB/Cuba, CV CPV/Cabo Verde/Cape Verde, CW CUW/Curacao,
    CX CXR/Christmas Island, CY CYP/Cyprus, CZ CZE/Czechia/Czech Republic, DE DEU/Germany,
    DJ DJI/Djibouti, DK DNK/Denmark, DM DMA/Dominica, DO DOM/Dominican Republic, DZ DZA/Algeria,
    EC ECU/Ecuador, EE EST/Estonia, EG EGY/Egypt, EH ESH/Western Sahara, ER ERI/Eritrea,
    ES ESP/Spain, ET ETH/Ethiopia, FI FIN/Finland, FJ FJI/Fiji, FK FLK/Falkland Islands,
    FM FSM/Micronesia, FO FRO/Faroe Islands, FR FRA/France, GA GAB/Gabon,
    GB GBR/United Kingdom/UK/Great Britain, GD GRD/Grenada, GE GEO/Georgia, GF GUF/French Guiana,
    GG GGY/Guernsey, GH GHA/Ghana, GI GIB/Gibraltar, GL GRL/Greenland, GM GMB/Gambia,
    GN GIN/Guinea, GP GLP/Guadeloupe, GQ GNQ/Equatorial Guinea, GR GRC/Greece,
    GS SGS/South Georgia and the South Sandwich Islands, GT GTM/Guatemala, GU GUM/Guam,
    GW GNB/Guinea-Bissau, GY GUY/Guyana, HK HKG/Hong Kong,
    HM HMD/Heard Island and McDonald Islands, HN HND/Honduras, HR HRV/Croatia, HT HTI/Haiti,
    HU HUN/Hungary, ID IDN/Indonesia, IE IRL/Ireland, IL ISR/Israel, IM IMN/Isle of Man,
    IN IND/India, IO IOT/British Indian Ocean Territory, IQ IRQ/Iraq, IR IRN/Iran, IS ISL/Iceland,
    IT ITA/Italy, JE JEY/Jersey, JM JAM/Jamaica, JO JOR/Jordan, JP JPN/Japan, KE KEN/Kenya,
    KG KGZ/Kyrgyzstan, KH KHM/Cambodia, KI KIR/Kiribati, KM COM/Comoros,
    KN KNA/Saint Kitts and Nevis/St Kitts and Nevis, KP PRK/North Korea,
    KR KOR/South Korea/Republic of Korea, KW KWT/Kuwait, KY CYM/Cayman Islands, KZ KAZ/Kazakhstan,
    LA LAO/Lao People's Democratic Republic/Laos, LB LBN/Lebanon, LC LCA/Saint Lucia/St Lucia,
    LI LIE/Liechtenstein, LK LKA/Sri Lanka, LR LBR/Liberia, LS LSO/Lesotho, LT LTU/Lithuania,
    LU LUX/Luxembourg, LV LVA/Latvia, LY LBY/Libya, MA MAR/Morocco, MC MCO/Monaco, MD MDA/Moldova,
    ME MNE/Montenegro, MF MAF/Saint Martin, MG MDG/Madagascar, MH MHL/Marshall Islands,
    MK MKD/North Macedonia/Macedonia, ML MLI/Mali, MM MMR/Myanmar/Burma, MN MNG/Mongolia,
    MO MAC/Macao/Macau, MP MNP/Northern Mariana Islands, MQ MTQ/Martinique, MR MRT/Mauritania,
    MS MSR/Montserrat, MT MLT/Malta, MU MUS/Mauritius, MV MDV/Maldives, MW MWI/Malawi,
    MX MEX/Mexico, MY MYS/Malaysia, MZ MOZ/Mozambique, NA NAM/Namibia, NC NCL/New Caledonia,
    NE NER/Niger, NF NFK/Norfolk Island, NG NGA/Nigeria, NI NIC/Nicaragua,
    NL NLD/Netherlands/Holland, NO NOR/Norway, NP NPL/Nepal, NR NRU/Nauru, NU NIU/Niue,
    NZ NZL/New Zealand, OM OMN/Oman, PA PAN/Panama, PE PER/Peru, PF PYF/French Polynesia,
    PG PNG/Papua New Guinea, PH PHL/Philippines, PK PAK/Pakistan, PL POL/Poland,
    PM SPM/Saint Pierre and Miquelon/St Pierre and Miquelon, PN PCN/Pitcairn, PR PRI/Puerto Rico,
    PS PSE/Palestine, PT PRT/Portugal, PW PLW/Palau, PY PRY/Paraguay, QA QAT/Qatar, RE REU/Reunion,
    RO ROU/Romania, RS SRB/Serbia, RU RUS/Russian Federation/Russia, RW RWA/Rwanda,
    SA SAU/Saudi Arabia, SB SLB/Solomon Islands, SC SYC/Seychelles, SD SDN/Sudan, SE SWE/Sweden,
    SG SGP/Singapore, SH SHN/St Helena/Saint Helena, SI SVN/Slovenia,
    SJ SJM/Svalbard and Jan Mayen, SK SVK/Slovakia, SL SLE/Sierra Leone, SM SMR/San Marino,
    SN SEN/Senegal, SO SOM/Somalia, SR SUR/Suriname, SS SSD/South Sudan,
    ST STP/Sao Tome and Principe, SV SLV/El Salvador, SX SXM/Sint Maarten,
    SY SYR/Syrian Arab Republic/Syria, SZ SWZ/Eswatini/Swaziland, TC TCA/Turks and Caicos Islands,
    TD TCD/Chad, TF ATF/French Southern Territories, TG TGO/Togo, TH THA/Thailand,
    TJ TJK/Tajikistan, TK TKL/Tokelau, TL TLS/Timor-Leste/East Timor, TM TKM/Turkmenistan,
    TN TUN/Tunisia, TO TON/Tonga, TR TUR/Turkiye/Turkey, TT TTO/Trinidad and Tobago, TV TUV/Tuvalu,
    TW TWN/Taiwan, TZ TZA/Tanzania, UA UKR/Ukraine, UG UGA/Uganda,
    UM UMI/United States Minor Outlying Islands/US minor outlying islands,
    US USA/United States/United States of America, UY URY/Uruguay, UZ UZB/Uzbekistan,
    VA VAT/Holy See/Vatican City/Vatican, VC VCT/Saint Vincent and the Grenadines/St Vincent,
    VE VEN/Venezuela, VG VGB/British Virgin Islands, VI VIR/US Virgin Islands, VN VNM/Viet Nam,
    VU VUT/Vanuatu, WF WLF/Wallis and Futuna, WS WSM/Samoa, XK XKX/Kosovo, YE YEM/Yemen,
    YT MYT/Mayotte, ZA ZAF/South Africa, ZM ZMB/Zambia, ZW ZWE/Zimbabwe"""
_STATES = """
    AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut,
    DE Delaware, DC District of Columbia/Washington DC, FL Florida, GA Georgia, HI Hawaii,
    ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine,
    MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri,
    MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico,
    NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon,
    PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas,
    UT Utah, VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming,
    AS American Samoa, GU Guam, MP Northern Mariana Islands, PR Puerto Rico, VI Virgin Islands"""
_SILENT = frozenset({"the", "and", "of"})
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = str.maketrans("", "", ".'\u2019")


def country_code(text: str) -> str | None:
    """Return the two letters (ISO 3166) of a country named by them, by three or by name."""
    return _COUNTRY_CODES.get(_said(text))


def state_code(text: str) -> str | None:
    """Return the two letters (ANSI) of a state of the USA; None for anything else."""
    return _STATE_CODES.get(_said(text))


def _said(name: str) -> str:
    """Return what is heard of a name: no case, accents or signs, and none of the small words."""
    apart = unicodedata.normalize("NFKD", name.lower().translate(_MARKS))
    letters = "".join(each for each in apart if not unicodedata.combining(each))
    return "".join(word for word in _WORD.findall(letters) if word not in _SILENT)


def _codes(text: str) -> dict[str, str]:
    codes: dict[str, str] = {}
    for each in " ".join(text.split()).split(", "):
        code, _, names = each.partition(" ")
        codes |= dict.fromkeys(map(_said, (code, *names.split("/"))), code.lower())
    return codes


_COUNTRY_CODES: Final = _codes(_COUNTRIES)
_STATE_CODES: Final = _codes(_STATES)
