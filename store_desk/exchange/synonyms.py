"""What other systems call the columns that we know, in seven languages, compared after folding."""

from __future__ import annotations

from typing import Final

from store_desk.domain.imports import Field

# The first Chinese and the first English name of each field are what our own exports write.
# Systems: osTicket, Zammad, Odoo Repair, ERPNext Issue and Warranty Claim, Shopify, Zendesk, Trudesk, Chinese ERPs.
HEADINGS: Final[dict[Field, str]] = {
    Field.NUMBER: (
        "售后单号|Ticket Number|工单号|工单编号|售后编号|售后工单号|维修单号|服务单号|退款编号|退货单号|单号|"
        "编号|票号|服務單號|維修單號|工單號|Ticket No|Ticket No.|Ticket #|Ticket ID|Ticket|Number|No.|Name|ID|"
        "Case Number|Case ID|Repair Reference|naming_series|Issue ID|Claim ID|Claim Number|RMA|RMA Number|"
        "Request ID|uid|Unique id|Work Order|Ticketnummer|Vorgangsnummer|Auftragsnummer|Fallnummer|Nummer|"
        "Reparaturreferenz|Numéro de ticket|Numéro du ticket|N° ticket|Numéro|Référence|"
        "Référence de réparation|Dossiernummer|Bonnummer|Reparatienummer|Número de ticket|Número de caso|"
        "Número|Referencia|Folio|チケット番号|受付番号|管理番号|修理番号|伝票番号"
    ),
    Field.ORDER_NUMBER: (
        "订单号|Order Number|订单编号|主订单号|子订单号|销售单号|交易编号|訂單號|訂單編號|Order No|Order ID|"
        "Order_id|Order|Sales Order|Bestellnummer|Bestell-Nr.|Auftrag|Numéro de commande|N° de commande|"
        "Commande|Ordernummer|Bestelnummer|Número de pedido|Pedido|注文番号|受注番号"
    ),
    Field.CUSTOMER: (
        "客户姓名|Customer|客户|顾客|顾客姓名|姓名|联系人|买家|买家昵称|收货人|收件人|会员姓名|客戶|客戶姓名|"
        "顧客姓名|Customer Name|Client|Contact|Contact Name|From|Requester|Raised By|Billing Name|"
        "Shipping Name|partner_id|partner_id/name|customer_name|Kunde|Kundenname|Name des Kunden|"
        "Ansprechpartner|Nom du client|Nom|Klant|Klantnaam|Naam|Name|Cliente|Nombre del cliente|Nombre|"
        "お客様名|顧客名|氏名|お名前"
    ),
    Field.PHONE: (
        "联系电话|Phone|电话|手机|手机号|手机号码|客户电话|联系方式|收货人手机|電話|手機|聯絡電話|Phone Number|"
        "Telephone|Mobile|Mobile Phone|Cell|Cell Phone|Contact Number|contact_mobile|Billing Phone|"
        "Shipping Phone|Telefon|Telefonnummer|Handy|Handynummer|Mobil|Téléphone|Numéro de téléphone|Portable|"
        "Telefoon|Telefoonnummer|Mobiel|Teléfono|Número de teléfono|Móvil|Celular|電話番号|携帯電話|連絡先"
    ),
    Field.STORE: (
        "门店|Store|店铺|店铺名称|门店名称|网点|所属门店|門店|門市|Shop|Branch|Location|Department|Outlet|"
        "Filiale|Laden|Standort|Magasin|Boutique|Point de vente|Winkel|Filiaal|Vestiging|Tienda|Sucursal|店舗|"
        "店舗名|支店"
    ),
    Field.CATEGORY: (
        "商品类别|Category|类别|商品分类|产品类别|品类|商品類別|Product Category|Product_category|Item Group|"
        "Kategorie|Warengruppe|Catégorie|Categorie|Productgroep|Categoría|カテゴリ|カテゴリー|商品分類"
    ),
    Field.PRODUCT: (
        "商品名称|Product|商品|产品|产品名称|品名|货品|型号|宝贝标题|商品名稱|產品|Product Name|Item|Item Name|"
        "item_code|Lineitem name|product_id|product_id/name|Model|Device|Produkt|Artikel|Gerät|Bezeichnung|"
        "Produit|Article|Appareil|Apparaat|Producto|Artículo|Dispositivo|商品名|製品名|製品|品番"
    ),
    Field.BRAND: (
        "品牌|Brand|厂商|牌子|Manufacturer|Make|Vendor|Marke|Hersteller|Marque|Fabricant|Merk|Marca|ブランド|メーカー"
    ),
    Field.SERIAL: (
        "序列号|Serial Number|序号码|机身码|串号|SN|SN码|IMEI|序列號|Serial|Serial No|serial_no|S/N|lot_id|"
        "Lot/Serial|Seriennummer|Numéro de série|N° de série|Serienummer|Número de serie|シリアル番号|製造番号"
    ),
    Field.PROBLEM_TYPE: (
        "问题类型|Problem Type|问题类别|问题分类|故障类型|售后原因|投诉类型|退款原因|問題類型|Issue Type|"
        "issue_type|Help Topic|Topic|Fault Type|Problem|Sub-category|Problemart|Fehlerart|Hilfethema|"
        "Type de problème|Motif|Probleemtype|Soort probleem|Tipo de problema|不具合種別|問題種別"
    ),
    Field.DESCRIPTION: (
        "问题描述|Description|描述|故障描述|问题说明|问题|内容|投诉内容|详情|備註說明|問題描述|Subject|"
        "Problem Description|Complaint|Details|Issue|Summary|internal_notes|Customer Remarks|note|Notes|"
        "Beschreibung|Fehlerbeschreibung|Betreff|Sujet|Description du problème|Omschrijving|Beschrijving|"
        "Onderwerp|Descripción|Asunto|説明|症状|件名|問い合わせ内容"
    ),
    Field.TYPE: (
        "工单类型|Ticket Type|类型|售后类型|服务类型|单据类型|工單類型|Type|Request Type|Ticketart|Typ|Art|"
        "Type de ticket|Soort|Tipo|Tipo de ticket|種別|種類"
    ),
    Field.STATE: (
        "状态|Status|工单状态|售后状态|处理状态|单据状态|狀態|State|Ticket Status|Current Status|state_id|"
        "Fulfillment Status|Zustand|Bearbeitungsstatus|Statut|État|Etat|Toestand|Estado|Situación|状況|"
        "ステータス|状態"
    ),
    Field.REVIEW: (
        "审核状态|Review|审批状态|審核狀態|Approval|Approval Status|Review Status|Prüfstatus|Approbation|"
        "Goedkeuring|Aprobación|審査状況|承認状況"
    ),
    Field.WORK: (
        "派工状态|Work|处理进度|维修状态|维修进度|派單狀態|Repair Status|Work Status|Reparaturstatus|"
        "État de réparation|Reparatiestatus|Estado de reparación|修理状況|作業状況"
    ),
    Field.CANCEL_REASON: (
        "取消原因|Cancel Reason|撤销原因|关闭原因|撤單原因|Cancellation Reason|Reason for Cancellation|"
        "Cancelled Reason|Stornogrund|Stornierungsgrund|Motif d'annulation|Reden van annulering|"
        "Annuleringsreden|Motivo de cancelación|キャンセル理由|取消理由"
    ),
    Field.AMOUNT: (
        "订单金额|Amount|金额|实付金额|总金额|总价|价格|订单实付|訂單金額|金額|Order Amount|Total|Order Total|"
        "Price|Item_price|amount_total|Grand Total|Betrag|Gesamtbetrag|Summe|Preis|Montant|Montant total|Prix|"
        "Bedrag|Totaal|Prijs|Importe|Monto|Precio|合計|注文金額"
    ),
    Field.COMPENSATION: (
        "补偿金额|Compensation|赔付金额|赔偿金额|退款金额|補償金額|Refunded Amount|Refund|Refund Amount|"
        "Compensation Amount|Entschädigung|Erstattung|Erstattungsbetrag|Remboursement|Indemnisation|Vergoeding|"
        "Terugbetaling|Compensación|Reembolso|補償|返金額"
    ),
    Field.CURRENCY: "币种|Currency|货币|幣別|Currency Code|Währung|Devise|Monnaie|Valuta|Moneda|Divisa|通貨",
    Field.CREATED_AT: (
        "创建时间|Created At|创建日期|提交时间|申请时间|下单时间|登记时间|受理时间|報修時間|建立時間|Created|"
        "Date Created|Created On|create_date|Creation Date|Date|Opened|Opened At|opening_date|complaint_date|"
        "Issue_reported at|creation|Erstellt|Erstellt am|Erstellungsdatum|Datum|Créé le|Date de création|"
        "Aangemaakt|Aangemaakt op|Aanmaakdatum|Creado|Fecha de creación|Fecha|作成日|作成日時|登録日|受付日|"
        "受付日時"
    ),
    Field.CREATED_TIME: "创建时刻|Created Time|opening_time|Time|Uhrzeit|Heure|Tijd|Hora|時刻",
    Field.UPDATED_AT: (
        "更新时间|Updated At|修改时间|最后更新|最近更新|更新日期|更新時間|Updated|Last Updated|Last Update|"
        "Modified|Last Modified|write_date|Aktualisiert|Aktualisiert am|Geändert am|Letzte Aktualisierung|"
        "Mis à jour|Mis à jour le|Dernière mise à jour|Bijgewerkt|Laatst bijgewerkt|Gewijzigd op|Actualizado|"
        "Última actualización|更新日|更新日時|最終更新"
    ),
    Field.DUE_AT: (
        "截止时间|Due At|截止日期|到期时间|处理期限|截止時間|Due Date|Due|SLA Due Date|Deadline|Fällig am|"
        "Fälligkeit|Échéance|Date d'échéance|Vervaldatum|Fecha límite|Vencimiento|期限|期日"
    ),
    Field.CLOSED_AT: (
        "完成时间|Closed At|关闭时间|完结时间|结束时间|完成時間|Closed|Closed Date|close_at|Resolved At|"
        "resolution_date|Cancelled at|Geschlossen am|Abgeschlossen am|Fermé le|Date de clôture|Gesloten op|"
        "Cerrado|Fecha de cierre|完了日|完了日時"
    ),
    Field.ASSIGNEE: (
        "处理人|Assignee|负责人|受理人|客服|师傅|维修员|處理人|Assigned To|Agent|Agent Assigned|Agent_name|"
        "Technician|Owner|owner_id|user_id|resolved_by|Bearbeiter|Zugewiesen an|Techniker|Assigné à|Technicien|"
        "Toegewezen aan|Monteur|Asignado a|Técnico|担当者|担当"
    ),
    Field.CHANNEL: (
        "来源渠道|Channel|渠道|来源|受理渠道|渠道來源|Source|channel_name|Origin|Kanal|Herkunft|Canal|Kanaal|"
        "Bron|Origen|経路|受付経路"
    ),
    Field.WARRANTY_UNTIL: (
        "保修到期|Warranty Until|保修截止|质保到期|保固到期|Warranty Expiration|Warranty Expiry|"
        "guarantee_limit|warranty_expiry_date|Garantie bis|Garantieende|Fin de garantie|Garantie tot|"
        "Garantía hasta|保証期限"
    ),
    Field.PURCHASED_ON: (
        "购买日期|Purchased On|购买时间|购机日期|購買日期|Purchase Date|Date of Purchase|order_date_time|"
        "Kaufdatum|Date d'achat|Aankoopdatum|Fecha de compra|購入日|購入日時"
    ),
    Field.WAYBILL: (
        "运单号|Waybill|快递单号|物流单号|退货物流单号|運單號|Tracking Number|Tracking No|Tracking|Sendungsnummer|"
        "Numéro de suivi|Trackingnummer|Número de seguimiento|追跡番号|送り状番号"
    ),
    Field.CARRIER: (
        "快递公司|Carrier|物流公司|承运商|快遞公司|Shipping Carrier|Versanddienst|Spediteur|Transporteur|"
        "Vervoerder|Transportista|配送業者|運送会社"
    ),
    Field.SOURCE_KEY: (
        "来源编号|Source Key|外部编号|原始编号|來源編號|External ID|Source ID|Fremdschlüssel|"
        "Identifiant externe|Externe ID|ID externo|外部ID"
    ),
}
