"""The names that the database knows, ready to look for in texts."""

from __future__ import annotations

from dataclasses import dataclass

from companies.catalogue import known_names
from companies.models import AnalystFirm, Company
from companies.names import KnownName, NameFinder


@dataclass(frozen=True)
class NameIndex:
    """Finders for companies (owner = ticker) and firms (owner = name), and the rows that the owners stand for."""

    companies: NameFinder
    firms: NameFinder
    company_by_ticker: dict[str, Company]
    firm_by_name: dict[str, AnalystFirm]


def load_name_index() -> NameIndex:
    """Reads all names, in three queries. Load it once for as many texts as there are."""
    companies = list(Company.objects.prefetch_related("names"))
    firms = list(AnalystFirm.objects.all())
    company_names = [
        known for company in companies for known in known_names(company.ticker, company.name, company.names.all())
    ]
    firm_names = [KnownName(firm.name, name) for firm in firms for name in (firm.name, *firm.aliases)]
    return NameIndex(
        companies=NameFinder(company_names),
        firms=NameFinder(firm_names),
        company_by_ticker={company.ticker: company for company in companies},
        firm_by_name={firm.name: firm for firm in firms},
    )
