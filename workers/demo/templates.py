"""What the demo's agents begin with: itineraries for the trips that they sell, and kinds of groups that they know."""

from backend.domain.programme import GuideNeed, ItemNeed, Leg, Programme
from backend.domain.resources.templates import Profile, Template, TemplateDay
from backend.domain.terms import MealPlan


def _template(
    id_: str, name: str, destination: str, board: MealPlan, programme: Programme, *days: tuple[str, str]
) -> Template:
    return Template(
        id=id_,
        name=name,
        destination=destination,
        meal_plan=board,
        programme=programme,
        days=tuple(TemplateDay(title=title, text=text) for title, text in days),
    )


def _programme(km: int, days: int, language: str, *items: tuple[str, int]) -> Programme:
    return Programme(
        transport=(Leg(name="Todo el recorrido", km=km, days=days),),
        guides=(GuideNeed(language=language, days=days),),
        items=tuple(ItemNeed(code=code, times=times) for code, times in items),
    )


TEMPLATES = (
    _template(
        "cusco-5",
        "Cusco y Machu Picchu, 5 días",
        "Cusco",
        "HB",
        _programme(
            260, 4, "es", ("entrance", 2), ("train", 1), ("lunch", 3), ("porterage", 2), ("water", 4), ("tips", 1)
        ),
        ("Llegada a Cusco", "Recepción en el aeropuerto, mate de coca y tarde libre para aclimatarse."),
        ("Cusco imperial", "Qorikancha, Catedral, Sacsayhuamán y Q'enqo; almuerzo en San Blas."),
        ("Valle Sagrado", "Písac y Ollantaytambo; tren por la tarde a Aguas Calientes."),
        ("Machu Picchu", "Visita guiada de dos horas y media al amanecer; regreso a Cusco."),
        ("Regreso", "Mañana libre y traslado al aeropuerto."),
    ),
    _template(
        "valle-6",
        "Valle Sagrado sin prisa",
        "Cusco",
        "HB",
        _programme(310, 5, "es", ("entrance", 2), ("museum", 1), ("lunch", 4), ("insurance", 1), ("water", 5)),
        ("Llegada y descenso al valle", "Del aeropuerto a Urubamba, a menor altura."),
        ("Písac", "Ruinas y mercado, caminata corta."),
        ("Maras y Moray", "Salineras por la tarde, con buena luz."),
        ("Ollantaytambo", "La fortaleza y el pueblo vivo; taller de textiles."),
        ("Cusco", "Catedral y barrio de San Blas, con paradas frecuentes."),
        ("Regreso", "Traslado al aeropuerto."),
    ),
    _template(
        "cartagena-4",
        "Cartagena y las islas",
        "Cartagena",
        "BB",
        _programme(90, 3, "es", ("entrance", 1), ("boat", 1), ("lunch", 2), ("dinner-show", 1), ("water", 3)),
        ("Llegada", "Traslado y paseo por la muralla al atardecer."),
        ("Ciudad amurallada", "San Felipe, Getsemaní y cena con música."),
        ("Islas del Rosario", "Lancha, snorkel y almuerzo de pescado."),
        ("Regreso", "Mañana de compras y traslado."),
    ),
    _template(
        "lisboa-porto-7",
        "Lisboa e Porto, rota dos azulejos",
        "Lisboa",
        "BB",
        _programme(420, 6, "pt", ("museum", 3), ("lunch", 3), ("boat", 1), ("tips", 1)),
        ("Chegada a Lisboa", "Traslado e miradouro da Graça."),
        ("Alfama e Belém", "Sé, Jerónimos e pastéis."),
        ("Museu do Azulejo", "Oficina de pintura à tarde."),
        ("Sintra", "Palácio da Pena e regresso pela costa."),
        ("Para o Porto", "Paragem em Coimbra."),
        ("Ribeira e caves", "Passeio de barco e prova de vinho."),
        ("Partida", "Traslado ao aeroporto."),
    ),
    _template(
        "bariloche-6",
        "Bariloche con nieve",
        "Bariloche",
        "HB",
        _programme(240, 5, "es", ("entrance", 2), ("lunch", 2), ("insurance", 1), ("permit", 1)),
        ("Llegada", "Traslado al hotel junto al lago."),
        ("Circuito chico", "Cerro Campanario y chocolate."),
        ("Cerro Catedral", "Primera clase de esquí."),
        ("Isla Victoria", "Navegación por el Nahuel Huapi."),
        ("Día de nieve", "Esquí o trineos."),
        ("Regreso", "Traslado al aeropuerto."),
    ),
)
PROFILES = (
    Profile(
        id="school",
        name="Grupo escolar",
        description="Promociones y viajes de estudio, con docentes; uno gratis por cada quince.",
        pax_from=25,
        pax_to=45,
        meal_plan="FB",
        special_requirements=("cuartos de docentes en cada piso", "menú sin frutos secos"),
        guide_languages=("es",),
        guide_skills=("grupos escolares",),
        guide_certificates=("Primeros auxilios",),
        vehicle_class="coach",
    ),
    Profile(
        id="seniors",
        name="Adultos mayores",
        description="Ritmo tranquilo, poca escalera, paradas frecuentes.",
        pax_from=18,
        pax_to=34,
        meal_plan="HB",
        special_requirements=("habitaciones en planta baja", "oxígeno disponible"),
        guide_languages=("es",),
        guide_skills=("adultos mayores",),
        guide_certificates=("Primeros auxilios",),
        vehicle_class="midibus",
        accessible=True,
    ),
    Profile(
        id="congress",
        name="Congreso",
        description="Habitaciones individuales, sala para sesiones, traslados a horas fijas.",
        pax_from=20,
        pax_to=120,
        special_requirements=("sala de sesiones", "factura por participante"),
        guide_languages=("es", "en"),
    ),
    Profile(
        id="pilgrims",
        name="Peregrinos",
        description="A pie por etapas, con el equipaje aparte.",
        pax_from=12,
        pax_to=40,
        special_requirements=("transporte de bagagem",),
        guide_languages=("pt",),
        guide_skills=("peregrinaciones",),
        vehicle_class="van",
    ),
)
