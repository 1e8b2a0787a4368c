"""The decision tree on refusals of care in France: facts of a situation in, the competent bodies out.

Standard library only: the same package runs at build time and in the browser.
"""

from decision_tree.advice import Advice, Verdict, advise
from decision_tree.answers import decode, encode, migrate
from decision_tree.explain import what_would_change, why_not, why_this_question
from decision_tree.relevance import next_question

__all__ = ["Advice", "Verdict", "advise", "decode", "encode", "migrate", "next_question", "what_would_change", "why_not",
           "why_this_question"]
