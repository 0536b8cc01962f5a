from django.urls import path

from almoner.ledger.views import books, drawers, payments

urlpatterns = [
    path("", books.money, name="money"),
    path("unresolved/", books.unresolved, name="unresolved_payments"),
    path("books/", books.books, name="books"),
    path("of/<int:patient_id>/", books.account, name="patient_account"),
    path("of/<int:patient_id>/take/", payments.take, name="take_payment"),
    path("of/<int:patient_id>/taken/", payments.taken, name="taken_payment"),
    path("payments/<int:payment_id>/", payments.payment, name="payment"),
    path("payments/<int:payment_id>/state/", payments.payment_state, name="payment_state"),
    path("payments/<int:payment_id>/receipt.pdf", payments.receipt_pdf, name="receipt_pdf"),
    path("payments/<int:payment_id>/refund/", payments.refund, name="refund_payment"),
    path("payments/<int:payment_id>/give-up/", payments.give_up, name="give_up_payment"),
    path("payments/<int:payment_id>/look-up/", payments.look_up, name="look_up_payment"),
    path("drawers/", drawers.drawers, name="drawers"),
    path("drawers/open/", drawers.open_drawer, name="open_drawer"),
    path("drawers/<int:drawer_id>/", drawers.drawer, name="drawer"),
    path("drawers/<int:drawer_id>/move/", drawers.move_cash, name="move_cash"),
    path("drawers/<int:drawer_id>/count/", drawers.count, name="count_drawer"),
    path("drawers/<int:drawer_id>/recount/", drawers.recount, name="recount_drawer"),
    path("drawers/<int:drawer_id>/close/", drawers.close, name="close_drawer"),
    path("drawers/<int:drawer_id>/report.pdf", drawers.drawer_pdf, name="drawer_pdf"),
    path("card-notices/", payments.card_notice, name="card_notice"),
]
